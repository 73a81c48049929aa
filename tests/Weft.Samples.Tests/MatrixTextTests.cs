using CsCheck;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public class MatrixTextTests
{
    [Theory]
    [InlineData("[[1,2],[3,4]]", "[[1,2],[3,4]]")]
    [InlineData(" [ [1, 2],\n  [3, 4] ] ", "[[1,2],[3,4]]")]
    [InlineData("[[-2147483648,2147483647]]", "[[-2147483648,2147483647]]")]
    public void TryRead_RowsOfWholeNumbers_GivesTheMatrix(string text, string expected)
    {
        Assert.True(MatrixText.TryRead(text, out var matrix, out _));
        Assert.Equal(expected, matrix.ToString());
    }

    [Theory]
    [InlineData("", "There is no matrix here.")]
    [InlineData("  \n", "There is no matrix here.")]
    [InlineData("hello", "This can't be read as a matrix.")]
    [InlineData("[[1,2],[3,4]", "This can't be read as a matrix.")]
    [InlineData("[[1,2],]", "This can't be read as a matrix.")]
    [InlineData("{\"A\":1}", "This can't be read as a matrix.")]
    [InlineData("7", "This can't be read as a matrix.")]
    [InlineData("[[\ud800]]", "This can't be read as a matrix.")]
    [InlineData("[]", "The matrix has no rows.")]
    [InlineData("[[]]", "Row 1 is empty.")]
    [InlineData("[1,2]", "Row 1 is not in brackets.")]
    [InlineData("[[1,2],3]", "Row 2 is not in brackets.")]
    [InlineData("[[1,2],[3]]", "Row 2 is 1 long and row 1 is 2 long: they must be equal.")]
    [InlineData("[[1],[2],[3,4]]", "Row 3 is 2 long and row 1 is 1 long: they must be equal.")]
    [InlineData("[[1,\"x\"]]", "Row 1, column 2: \"x\" is not a whole number.")]
    [InlineData("[[1],[1.5]]", "Row 2, column 1: 1.5 is not a whole number.")]
    [InlineData("[[1e2]]", "Row 1, column 1: 1e2 is not a whole number.")]
    [InlineData("[[null]]", "Row 1, column 1: null is not a whole number.")]
    [InlineData("[[2147483648]]", "Row 1, column 1: 2147483648 does not fit in 32 bits")]
    [InlineData("[[-2147483649]]", "Row 1, column 1: -2147483649 does not fit in 32 bits")]
    [InlineData("[[123456789012345678901234567890]]", "Row 1, column 1: 12345678901234567890… does not fit in 32 bits")]
    public void TryRead_AnythingElse_SaysWhatToMend(string text, string expected)
    {
        Assert.False(MatrixText.TryRead(text, out _, out var problem));
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_MoreNumbersThanTheBound_IsRefused()
    {
        var row = $"[{string.Join(',', Enumerable.Repeat(0, Matrix.CellsMax / 2 + 1))}]";
        Assert.False(MatrixText.TryRead($"[{row},{row}]", out _, out var problem));
        Assert.Equal("The matrix has more than 250000 numbers.", problem);
    }

    [Fact]
    public void TryRead_WhatAMatrixPrints_GivesTheSameCells() =>
        Matrices.Any.Sample(cells =>
        {
            Assert.True(MatrixText.TryRead(Matrices.Print(cells), out var matrix, out _));
            Assert.Equal(Matrices.Print(cells), matrix.ToString());
            Assert.Equal((cells.Length, cells[0].Length), (matrix.Rows, matrix.Columns));
            Assert.Equal(cells[^1][^1], matrix[cells.Length - 1, cells[0].Length - 1]);
        });
}
