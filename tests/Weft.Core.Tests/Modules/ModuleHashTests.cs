using Weft.Core.Matching;
using Weft.Core.Modules;

namespace Weft.Core.Tests.Modules;

public sealed class ModuleHashTests
{
    private const string Text = "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";

    [Fact]
    public void Hash_IsItsText_AndNoOther()
    {
        Assert.True(ModuleHash.TryParse(Text, out var hash));
        Assert.Equal((Text, ModuleHash.From(Convert.FromHexString(Text))), (hash.ToString(), hash));
        foreach (var other in (string?[])[null, "", Text.ToUpperInvariant(), Text[1..], Text + "0", "g" + Text[1..]])
            Assert.False(ModuleHash.TryParse(other, out _));
    }

    [Fact]
    public void Requirements_OfAModule_AddOneLabel_EvenToAFullSet()
    {
        string[] labels = [.. Enumerable.Range(0, Limits.RequirementsMax).Select(static i => $"z{i}")];
        var full = Requirements.TryParse(labels)!;
        var with = full.And(ModuleKind.Wasm);
        Assert.Equal(["wasi", .. labels], with.Labels);
        Assert.Equal(with, Requirements.Parse(with.Text));
        Assert.Equal((false, true, false, true),
            (full.RunsModule, with.RunsModule, with.AsksForNothing,
                Requirements.None.And(ModuleKind.JavaScript).AsksForNothing));
    }

    [Theory]
    [InlineData(false, "", "", true)]
    [InlineData(true, "", "wasi", false)]
    [InlineData(true, "wasi", "wasi", true)]
    [InlineData(true, "wasi", "javascript", false)]
    [InlineData(true, "simd", "wasi simd", false)]
    [InlineData(true, "javascript simd", "javascript simd", true)]
    public void Worker_ForModulesOnly_TakesNothingElse(bool modulesOnly, string requires, string capabilities,
        bool takes)
    {
        var has = Capabilities.TryParse(capabilities.Split(' ', StringSplitOptions.RemoveEmptyEntries))!;
        Assert.Equal(takes, new WorkerFit(has, modulesOnly).Takes(Requirements.Parse(requires)));
    }
}
