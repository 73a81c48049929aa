using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public class FactorsTests
{
    [Fact]
    public void TryRead_TwoMatricesThatMatch_GivesBoth()
    {
        Assert.True(Factors.TryRead("[[1,2]]", "[[3],[4]]", out var factors, out _));
        Assert.Equal(("[[1,2]]", "[[3],[4]]"), (factors.A.ToString(), factors.B.ToString()));
    }

    [Theory]
    [InlineData("x", "[[1]]", "A: ", true, false)]
    [InlineData("[[1]]", "x", "B: ", false, true)]
    [InlineData("[[1,2]]", "[[1]]", "A has 2 columns and B has 1 row", true, true)]
    public void TryRead_SomethingWrong_SaysInWhich(string a, string b, string start, bool inA, bool inB)
    {
        Assert.False(Factors.TryRead(a, b, out _, out var problem));
        Assert.StartsWith(start, problem.Message, StringComparison.Ordinal);
        Assert.Equal((inA, inB), (problem.InA, problem.InB));
    }
}
