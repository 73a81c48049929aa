using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// Reads the notation of matrices: rows of whole numbers in brackets, <c>[[1,2],[3,4]]</c>, spaces allowed.
/// </summary>
public static class MatrixText
{
    private const string Notation = "Write rows of whole numbers in brackets, like [[1,2],[3,4]].";
    private const int QuoteMax = 20;

    /// <summary>
    /// Reads a matrix. False, with a sentence that tells a person what to mend, when the text isn't one.
    /// </summary>
    public static bool TryRead(
        string text, [NotNullWhen(true)] out Matrix? matrix, [NotNullWhen(false)] out string? problem)
    {
        matrix = null;
        if (string.IsNullOrWhiteSpace(text)) return Refuse($"There is no matrix here. {Notation}", out problem);

        try
        {
            using var document = JsonDocument.Parse(text);
            return TryRead(document.RootElement, out matrix, out problem);
        }
        // ArgumentException: half of a surrogate pair, which no UTF-8 can carry.
        catch (Exception notJson) when (notJson is JsonException or ArgumentException)
        {
            return Refuse($"This can't be read as a matrix. {Notation}", out problem);
        }
    }

    private static bool TryRead(
        JsonElement root, [NotNullWhen(true)] out Matrix? matrix, [NotNullWhen(false)] out string? problem)
    {
        matrix = null;
        if (root.ValueKind is not JsonValueKind.Array)
            return Refuse($"This can't be read as a matrix. {Notation}", out problem);
        if (root.GetArrayLength() == 0) return Refuse($"The matrix has no rows. {Notation}", out problem);

        var rows = root.GetArrayLength();
        var columns = root[0].ValueKind is JsonValueKind.Array ? root[0].GetArrayLength() : 0;
        if ((long)rows * columns > Matrix.CellsMax)
            return Refuse($"The matrix has more than {Matrix.CellsMax} numbers.", out problem);

        var cells = new int[rows * columns];
        var number = 0;
        foreach (var row in root.EnumerateArray())
        {
            problem = WhyNotARow(row, ++number, columns) ?? ReadRow(row, number, cells.AsSpan((number - 1) * columns));
            if (problem is not null) return false;
        }

        matrix = new Matrix(rows, columns, cells);
        problem = null;
        return true;
    }

    private static string? WhyNotARow(JsonElement row, int number, int columns)
    {
        if (row.ValueKind is not JsonValueKind.Array) return $"Row {number} is not in brackets. {Notation}";

        var length = row.GetArrayLength();
        if (length == 0) return $"Row {number} is empty. {Notation}";
        if (length != columns) return $"Row {number} is {length} long and row 1 is {columns} long: they must be equal.";
        return null;
    }

    private static string? ReadRow(JsonElement row, int number, Span<int> cells)
    {
        var column = 0;
        foreach (var cell in row.EnumerateArray())
        {
            if (cell.ValueKind is not JsonValueKind.Number || !cell.TryGetInt32(out cells[column]))
                return WhyNotACell(cell, number, column + 1);
            column++;
        }
        return null;
    }

    private static string WhyNotACell(JsonElement cell, int row, int column)
    {
        var raw = cell.GetRawText();
        var quote = raw.Length > QuoteMax ? $"{raw[..QuoteMax]}…" : raw;
        return !raw.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9')
            ? $"Row {row}, column {column}: {quote} does not fit in 32 bits ({int.MinValue} to {int.MaxValue})."
            : $"Row {row}, column {column}: {quote} is not a whole number.";
    }

    private static bool Refuse(string why, out string problem)
    {
        problem = why;
        return false;
    }
}
