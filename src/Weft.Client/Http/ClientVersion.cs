using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Weft.Client.Http;

/// <summary>This client's version.</summary>
internal static class ClientVersion
{
    private const int CharsMax = 40;

    public static string Text { get; } = typeof(ClientVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Whether a text from an untrusted source is safe to show as a version.</summary>
    public static bool IsOne([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= CharsMax }
        && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-');
}
