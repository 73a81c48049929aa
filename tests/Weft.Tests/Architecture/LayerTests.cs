using Weft.CommandLine;

namespace Weft.Tests.Architecture;

/// <summary>
/// The program's areas stand on each other: the commands know the coordinator that they start, and it knows nothing of
/// them; what a command line is made of knows nobody.
/// </summary>
public sealed class LayerTests
{
    // From below. The areas of one layer may know each other.
    private static readonly string[][] Layers =
    [
        ["CommandLine"],
        ["Background", "Http"],
        ["Metrics", "Serve"],
        ["Demo"],
        ["Cli"],
    ];

    [Fact]
    public void NoArea_KnowsOneAboveIt() => Assert.Empty(
        from type in typeof(ExitCode).Assembly.GetTypes()
        where type.DeclaringType is null && LayerOf(type) is not null
        from used in References.Of(type)
        where used.Assembly == type.Assembly && LayerOf(used) > LayerOf(type)
        select $"{type.FullName} refers to {used.FullName}");

    [Fact]
    public void EveryArea_HasItsLayer() => Assert.Empty(
        from type in typeof(ExitCode).Assembly.GetTypes()
        where AreaOf(type) is not null && LayerOf(type) is null
        select type.FullName);

    private static string? AreaOf(Type type) => type.Namespace?.Split('.') is ["Weft", var area, ..] ? area : null;

    private static int? LayerOf(Type type) =>
        Array.FindIndex(Layers, layer => layer.Contains(AreaOf(type))) is var layer and >= 0 ? layer : null;
}
