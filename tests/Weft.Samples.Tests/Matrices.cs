using CsCheck;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

/// <summary>Matrices for tests: random ones, and ones from their text.</summary>
internal static class Matrices
{
    public static readonly Gen<int[][]> Any =
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]).SelectMany((rows, columns) => OfSize(rows, columns, Gen.Int));

    /// <summary>
    /// Two matrices that can be multiplied, with cells that sometimes make the product leave 32 bits.
    /// </summary>
    public static readonly Gen<(int[][] A, int[][] B)> Factors =
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[1, 5]).SelectMany((rows, inner, columns) =>
            Gen.Select(OfSize(rows, inner, Cell), OfSize(inner, columns, Cell)));

    private static Gen<int> Cell => Gen.OneOf(Gen.Int[-100, 100], Gen.Int[-40_000, 40_000]);

    public static Matrix Read(string text)
    {
        Assert.True(MatrixText.TryRead(text, out var matrix, out var problem), problem);
        return matrix;
    }

    public static string Print(int[][] cells) =>
        $"[{string.Join(',', cells.Select(row => $"[{string.Join(',', row)}]"))}]";

    private static Gen<int[][]> OfSize(int rows, int columns, Gen<int> cell) => cell.Array[columns].Array[rows];
}
