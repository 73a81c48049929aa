using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Weft.Client.Http;

/// <summary>Which version this client is.</summary>
internal static class ClientVersion
{
    private const int CharsMax = 40;

    public static string Text { get; } = typeof(ClientVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether it may be shown as a version, whoever said so.</summary>
    public static bool IsOne([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= CharsMax }
        && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-');
}
