using Weft.CommandLine.Terminal;

namespace Weft.Cli.Remote;

/// <summary>Untrusted text, made safe for a line on a terminal.</summary>
internal static class OneLine
{
    private const int CharsMax = 200;

    /// <summary>Without line ends and other control characters; cut at its end if it is very long.</summary>
    public static string Of(string text)
    {
        var line = Join(text);
        return line.Length <= CharsMax ? line : string.Concat(line.AsSpan(0, CharsMax), "…");
    }

    /// <summary>The same for an error, cut at its beginning: its last line says what went wrong.</summary>
    public static string OfError(string text)
    {
        var line = Join(text);
        return line.Length <= CharsMax ? line : string.Concat("…", line.AsSpan(line.Length - CharsMax));
    }

    private static string Join(string text) =>
        string.Concat(text.Select(static character => Inert.Steers(character) ? ' ' : character)).Trim();
}
