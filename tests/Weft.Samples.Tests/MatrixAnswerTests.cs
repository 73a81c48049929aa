using System.Text.Json;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public class MatrixAnswerTests
{
    [Fact]
    public void To_AMatrixTask_IsTheProduct() =>
        Assert.Equal(new MatrixAnswer("[[19,22],[43,50]]", IsError: false),
            AnswerTo("""{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}"""));

    [Theory]
    [InlineData("\"hello\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"A":"[[1]]"}""")]
    [InlineData("""{"A":"[[1]]","B":null}""")]
    [InlineData("""{"A":[[1]],"B":[[1]]}""")]
    [InlineData("""{"A":"\ud800","B":"[[1]]"}""")]
    public void To_AnotherKindOfTask_IsAnError(string data) =>
        Assert.Equal(new MatrixAnswer("This task is not a matrix multiplication.", IsError: true), AnswerTo(data));

    [Theory]
    [InlineData("""{"A":"[[1,2],[3]]","B":"[[1]]"}""", "A: Row 2 is 1 long and row 1 is 2 long: they must be equal.")]
    [InlineData("""{"A":"[[1]]","B":"[]"}""", "B: The matrix has no rows.")]
    [InlineData("""{"A":"[[1]]","B":"[[1],[2]]"}""", "A has 1 column and B has 2 rows: these must be equal.")]
    [InlineData("""{"A":"[[65536]]","B":"[[65536]]"}""", "Row 1, column 1 of the product does not fit in 32 bits.")]
    public void To_MatricesThatCanNotBeMultiplied_IsAnErrorThatSaysWhy(string data, string expected)
    {
        var answer = AnswerTo(data);
        Assert.True(answer.IsError);
        Assert.StartsWith(expected, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"[[19,22],[43,50]]\"")]
    [InlineData("[[19,22], [43,50]]")]
    public void From_AMatrix_IsAProduct(string result) =>
        Assert.Equal(new MatrixAnswer("[[19,22],[43,50]]", IsError: false), MatrixAnswer.From(Parse(result)));

    [Theory]
    [InlineData("\"Error: no\"", "The worker's answer is not a matrix.")]
    [InlineData("\"42\"", "The worker's answer is not a matrix.")]
    [InlineData("\"\\ud800\"", "The worker's answer is not a matrix.")]
    [InlineData("{}", "The worker's answer is not a matrix.")]
    public void From_AnythingElse_IsAnError(string result, string expected) =>
        Assert.Equal(new MatrixAnswer(expected, IsError: true), MatrixAnswer.From(Parse(result)));

    private static MatrixAnswer AnswerTo(string data) => MatrixAnswer.To(Parse(data));

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
