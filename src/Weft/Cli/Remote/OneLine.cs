namespace Weft.Cli.Remote;

/// <summary>Text of strangers, fit for a line on a terminal.</summary>
internal static class OneLine
{
    private const int CharsMax = 200;

    /// <summary>Without line ends and other characters that steer terminals; cut where it is very long.</summary>
    public static string Of(string text)
    {
        var line = string.Concat(text.Select(static character => char.IsControl(character) ? ' ' : character)).Trim();
        return line.Length <= CharsMax ? line : string.Concat(line.AsSpan(0, CharsMax), "…");
    }
}
