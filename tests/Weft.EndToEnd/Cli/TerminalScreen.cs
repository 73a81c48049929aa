using System.Globalization;

namespace Weft.EndToEnd.Cli;

/// <summary>
/// What a terminal shows of what was written to it: every line that was ever on it, none scrolled away.
/// </summary>
/// <param name="Lines">From the top, as they are in the end.</param>
/// <param name="Erased">What stood where something was erased.</param>
internal sealed record TerminalScreen(IReadOnlyList<string> Lines, IReadOnlyList<string> Erased)
{
    public override string ToString() => string.Join('\n', Lines);

    /// <summary>
    /// Knows carriage returns, line ends, and to erase to the end of the line; fails at anything else.
    /// </summary>
    public static TerminalScreen Show(string written, int columns)
    {
        var lines = new List<List<char>> { new() };
        var erased = new List<string>();
        var column = 0;
        for (var i = 0; i < written.Length; i++)
        {
            switch (written[i])
            {
                case '\r':
                    column = 0;
                    break;
                case '\n':
                    lines.Add([]);
                    column = 0;
                    break;
                case '\e' when written.AsSpan(i).StartsWith("\e[K"):
                    erased.Add(string.Concat(lines[^1].Skip(column)));
                    lines[^1].RemoveRange(Math.Min(column, lines[^1].Count), Math.Max(0, lines[^1].Count - column));
                    i += 2;
                    break;
                case var control when char.IsControl(control):
                    throw new InvalidOperationException(
                        string.Create(CultureInfo.InvariantCulture, $"U+{(int)control:x4} at {i} of: {written}"));
                case var character:
                    if (column == columns)
                    {
                        lines.Add([]);
                        column = 0;
                    }

                    if (column < lines[^1].Count) lines[^1][column] = character;
                    else lines[^1].Add(character);
                    column++;
                    break;
            }
        }

        return new([.. lines.Select(static line => string.Concat(line))], erased);
    }
}
