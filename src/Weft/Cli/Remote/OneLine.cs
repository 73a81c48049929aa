using System.Text.RegularExpressions;
using Weft.CommandLine.Terminal;

namespace Weft.Cli.Remote;

/// <summary>Untrusted text, made safe for a line on a terminal.</summary>
internal static partial class OneLine
{
    private const int CharsMax = 200;

    /// <summary>Without line ends and other control characters; cut at its end if it is very long.</summary>
    public static string Of(string text)
    {
        var line = Join(text);
        return line.Length <= CharsMax ? line : string.Concat(line.AsSpan(0, CharsMax), "…");
    }

    /// <summary>
    /// The same for an error. If a trace follows its first line, the first line says what went wrong; otherwise the
    /// last does, such as that of a program's stderr, and it is cut at its beginning.
    /// </summary>
    /// <param name="more">Added if something was left out: where all of it is.</param>
    public static string OfError(string text, string more = "")
    {
        text = text.Trim();
        if (!text.StartsWith("Exit code ", StringComparison.Ordinal) && Trace().IsMatch(text))
        {
            return Of(text[..text.IndexOf('\n', StringComparison.Ordinal)]) + more;
        }
        var line = Join(text);
        return line.Length <= CharsMax ? line : string.Concat("…", line.AsSpan(line.Length - CharsMax)) + more;
    }

    // What python/weft_task.py, clients, JavaScript and .NET write below an error's message.
    [GeneratedRegex("""\n(Traceback \(|It printed:\n|…|[ \t]+at |[ \t]+File ")""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Trace();

    private static string Join(string text) =>
        string.Concat(text.Select(static character => Inert.Steers(character) ? ' ' : character)).Trim();
}
