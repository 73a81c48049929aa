using System.Numerics;
using CsCheck;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public class MatrixTests
{
    [Theory]
    [InlineData("[[1,2],[3,4]]", "[[5,6],[7,8]]", "[[19,22],[43,50]]")]
    [InlineData("[[1,2,3]]", "[[4],[5],[6]]", "[[32]]")]
    [InlineData("[[4],[5]]", "[[1,2,3]]", "[[4,8,12],[5,10,15]]")]
    [InlineData("[[2147483647]]", "[[1]]", "[[2147483647]]")]
    [InlineData("[[-2147483648]]", "[[1]]", "[[-2147483648]]")]
    public void TryMultiply_SizesThatMatch_GivesTheProduct(string a, string b, string expected)
    {
        Assert.True(Matrix.TryMultiply(Matrices.Read(a), Matrices.Read(b), out var product, out _));
        Assert.Equal(expected, product.ToString());
    }

    [Theory]
    [InlineData("[[1,2]]", "[[1,2]]", "A has 2 columns and B has 1 row: these must be equal.")]
    [InlineData("[[1],[2]]", "[[1],[2]]", "A has 1 column and B has 2 rows: these must be equal.")]
    public void TryMultiply_SizesThatDoNotMatch_IsRefused(string a, string b, string expected)
    {
        Assert.False(Matrix.TryMultiply(Matrices.Read(a), Matrices.Read(b), out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData("[[2147483647]]", "[[2]]", 1, 1)]
    [InlineData("[[-2147483648]]", "[[-1]]", 1, 1)]
    [InlineData("[[1,1],[2147483647,1]]", "[[0,1],[0,1]]", 2, 2)]
    public void TryMultiply_ANumberBeyond32Bits_IsRefusedAndNamesItsPlace(string a, string b, int row, int column)
    {
        Assert.False(Matrix.TryMultiply(Matrices.Read(a), Matrices.Read(b), out _, out var problem));
        Assert.Equal($"Row {row}, column {column} of the product does not fit in 32 bits.", problem);
    }

    [Fact]
    public void TryMultiply_ASumThatLeaves32BitsAndComesBack_IsRefused() =>
        Assert.False(Matrix.TryMultiply(Matrices.Read("[[2147483647,1,-1]]"), Matrices.Read("[[1],[1],[1]]"),
            out _, out _));

    [Fact]
    public void TryMultiply_AProductLargerThanTheBound_IsRefused()
    {
        var column = Matrices.Read($"[{string.Join(',', Enumerable.Repeat("[1]", 501))}]");
        var row = Matrices.Read($"[[{string.Join(',', Enumerable.Repeat('1', 501))}]]");
        Assert.False(Matrix.TryMultiply(column, row, out _, out var problem));
        Assert.Equal("The product would have more than 250000 numbers.", problem);
    }

    [Fact]
    public void TryMultiply_WheneverItGivesAProduct_ItIsTheOneOfUnboundedIntegers() =>
        Matrices.Factors.Sample(factors =>
        {
            var (a, b) = factors;
            if (!Matrix.TryMultiply(Matrices.Read(Matrices.Print(a)), Matrices.Read(Matrices.Print(b)),
                out var product, out _))
                return;
            for (var row = 0; row < product.Rows; row++)
                for (var column = 0; column < product.Columns; column++)
                    Assert.Equal(a[row].Select((cell, i) => (BigInteger)cell * b[i][column]).Aggregate(BigInteger.Add),
                        product[row, column]);
        });
}
