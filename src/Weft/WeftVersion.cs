using System.Reflection;

namespace Weft;

/// <summary>Which version this program is.</summary>
internal static class WeftVersion
{
    /// <summary>As <c>weft --version</c> has it, without the commit.</summary>
    public static string Text { get; } = typeof(WeftVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
