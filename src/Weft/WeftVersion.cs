using System.Reflection;

namespace Weft;

/// <summary>This program's version.</summary>
internal static class WeftVersion
{
    /// <summary>As in <c>weft --version</c>, without the commit.</summary>
    public static string Text { get; } = typeof(WeftVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
