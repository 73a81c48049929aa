using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// A matrix of 32-bit integers: at least one row, at least one column, at most <see cref="CellsMax"/> cells.
/// </summary>
public sealed class Matrix
{
    /// <summary>
    /// The most cells a matrix may have (500 × 500): a larger one would hold a browser tab for too long.
    /// </summary>
    public const int CellsMax = 250_000;

    private readonly int[] _cells;

    internal Matrix(int rows, int columns, int[] cells)
    {
        Rows = rows;
        Columns = columns;
        _cells = cells;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The cell at a row and a column, both counted from 0.</summary>
    public int this[int row, int column] => _cells[row * Columns + column];

    /// <summary>
    /// The product of two matrices. False, with a sentence that says why, when the sizes don't match, the product is
    /// too large, or a sum on the way leaves 32 bits: a wrong product is never returned.
    /// </summary>
    public static bool TryMultiply(
        Matrix a, Matrix b, [NotNullWhen(true)] out Matrix? product, [NotNullWhen(false)] out string? problem)
    {
        product = null;
        problem = WhyNotMultiplied(a, b);
        if (problem is not null) return false;

        var cells = new int[a.Rows * b.Columns];
        for (var row = 0; row < a.Rows; row++)
            for (var column = 0; column < b.Columns; column++)
                if (!TryMultiply(a, row, b, column, out cells[row * b.Columns + column]))
                {
                    problem = $"Row {row + 1}, column {column + 1} of the product does not fit in 32 bits.";
                    return false;
                }

        product = new Matrix(a.Rows, b.Columns, cells);
        return true;
    }

    /// <summary>Why two matrices can't be multiplied, by their sizes alone; null when they can.</summary>
    public static string? WhyNotMultiplied(Matrix a, Matrix b)
    {
        if (a.Columns != b.Rows)
            return $"A has {Count(a.Columns, "column")} and B has {Count(b.Rows, "row")}: these must be equal.";
        if ((long)a.Rows * b.Columns > CellsMax)
            return $"The product would have more than {CellsMax} numbers.";
        return null;
    }

    /// <summary>The notation that <see cref="MatrixText"/> reads, without spaces: <c>[[1,2],[3,4]]</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (var row = 0; row < Rows; row++)
        {
            text.Append(row == 0 ? "[" : ",[");
            for (var column = 0; column < Columns; column++)
            {
                if (column > 0) text.Append(',');
                text.Append(CultureInfo.InvariantCulture, $"{this[row, column]}");
            }
            text.Append(']');
        }
        return text.Append(']').ToString();
    }

    private static bool TryMultiply(Matrix a, int row, Matrix b, int column, out int cell)
    {
        cell = 0;
        for (var i = 0; i < a.Columns; i++)
        {
            // One product of two ints plus one int always fits a long, so nothing is lost before the check.
            var sum = cell + (long)a[row, i] * b[i, column];
            if (sum is < int.MinValue or > int.MaxValue) return false;
            cell = (int)sum;
        }
        return true;
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
