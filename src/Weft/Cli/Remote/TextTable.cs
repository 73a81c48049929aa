using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>
/// A table of text, with columns as wide as needed and numbers aligned right: readable for people, <c>grep</c> and
/// <c>awk</c>.
/// </summary>
internal sealed class TextTable(params string[] heads)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];

    /// <param name="cells">One for each column; null is printed as a dash, so that columns can be counted.</param>
    public void Add(params object?[] cells) =>
        _rows.Add(
            [.. cells.Select(static cell => Convert.ToString(cell, CultureInfo.InvariantCulture) is { Length: > 0 } text
            ? OneLine.Of(text)
            : "-")]);

    /// <summary>
    /// Prints it on stdout. An empty table is reported on stderr, so that programs don't read it as a row.
    /// </summary>
    /// <param name="things">The rows' name: <c>tasks</c>.</param>
    public void Print(string things)
    {
        foreach (var line in Lines()) Console.Out.WriteLine(line);
        if (_rows.Count == 0) Console.Error.WriteLine($"weft: No {things}.");
    }

    /// <summary>Its lines, headings first.</summary>
    public IEnumerable<string> Lines()
    {
        var columns = heads.Select((head, column) => new
        {
            Width = _rows.Select(row => row[column].Length).Append(head.Length).Max(),
            IsNumber = _rows.Count > 0
                && _rows.All(row => double.TryParse(row[column], CultureInfo.InvariantCulture, out _)),
        }).ToArray();
        foreach (var row in _rows.Prepend(heads))
        {
            var cells = row.Select((cell, column) => columns[column].IsNumber
                ? cell.PadLeft(columns[column].Width)
                : cell.PadRight(columns[column].Width));
            yield return string.Join(Gap, cells).TrimEnd();
        }
    }
}
