using Weft.CommandLine.Terminal;

namespace Weft.CommandLine.Help;

/// <summary>
/// Two columns of text, wrapped to the terminal's width; unwrapped if there is no terminal, for <c>grep</c>.
/// </summary>
internal sealed class HelpText(TextWriter output)
{
    private const int IndentColumns = 2;
    private const int FirstColumnsMax = 36;
    private const int SecondColumnsMin = 30;

    private readonly int _columns = Console.IsOutputRedirected
        ? int.MaxValue
        : Descriptor.Columns(Descriptor.Output) ?? int.MaxValue;

    public void Paragraph(string text)
    {
        foreach (var line in Wrap(text, _columns)) output.WriteLine(line);
    }

    public void Section(string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        output.WriteLine($"\n{title}:");
        foreach (var line in lines) output.WriteLine(new string(' ', IndentColumns) + line);
    }

    public void Section(string title, IReadOnlyList<(string First, string Second)> rows)
    {
        if (rows.Count == 0) return;
        output.WriteLine($"\n{title}:");
        var first = rows.Where(static row => row.First.Length <= FirstColumnsMax).Select(static row => row.First.Length)
            .DefaultIfEmpty(0).Max();
        var left = IndentColumns + first + IndentColumns;
        // If two columns don't fit side by side, put one below the other.
        if (_columns - left < SecondColumnsMin) left = 2 * IndentColumns;
        foreach (var row in rows) Print(row.First, row.Second, left);
    }

    private void Print(string first, string second, int left)
    {
        var head = new string(' ', IndentColumns) + first;
        var fits = head.Length + IndentColumns <= left || _columns == int.MaxValue;
        if (!fits) output.WriteLine(head);
        var begin = fits
            ? head.PadRight(_columns == int.MaxValue ? Math.Max(left, head.Length + IndentColumns) : left)
            : new string(' ', left);
        foreach (var line in Wrap(second, _columns == int.MaxValue ? _columns : _columns - left))
        {
            output.WriteLine(begin + line);
            begin = new string(' ', left);
        }
    }

    private static IEnumerable<string> Wrap(string text, int columns)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1L + word.Length > columns)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
