using System.Net;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

public sealed class CoordinatorTests : IDisposable
{
    private readonly CoordinatorStub _stub = new();

    public void Dispose() => _stub.Dispose();

    [Fact]
    public async Task Submit_TwoMatrices_PostsThemToAQueueOfTheirOwn()
    {
        _stub.Answer("""{"id":12,"state":"ready"}""", HttpStatusCode.Created);
        Assert.Equal(12, await Submit());
        Assert.Equal(
            ["""POST /api/v1/tasks {"queue":"matrix","type":"matrix","payload":{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}}"""], _stub.Requests);
    }

    [Fact]
    public async Task Submit_ARefusal_SaysWhatTheCoordinatorSaid()
    {
        _stub.Answer("""{"code":"payload_too_large","detail":"The request body is larger than this path accepts."}""",
            HttpStatusCode.RequestEntityTooLarge);
        var refused = await Assert.ThrowsAsync<CoordinatorException>(Submit);
        Assert.Equal("The coordinator answered 413: The request body is larger than this path accepts.",
            refused.Message);
        Assert.True(refused.IsRefusal);
    }

    [Theory]
    [InlineData("""{"code":"unauthorized"}""", HttpStatusCode.Unauthorized, true)]
    [InlineData("""{"code":"forbidden"}""", HttpStatusCode.Forbidden, true)]
    [InlineData("<html>", HttpStatusCode.Unauthorized, false)]
    public async Task Submit_WithoutAToken_SaysSo_IfItIsTheCoordinatorThatAsksForOne(string body, HttpStatusCode status,
        bool needsToken)
    {
        _stub.Answer(body, status);
        Assert.Equal(needsToken, (await Assert.ThrowsAsync<CoordinatorException>(Submit)).NeedsToken);
    }

    [Theory]
    [InlineData("<html>", HttpStatusCode.BadGateway, "The coordinator answered 502.")]
    [InlineData("<html>", HttpStatusCode.OK, "The coordinator gave an answer that can't be read.")]
    [InlineData("{}", HttpStatusCode.OK, "The coordinator gave an answer that can't be read.")]
    [InlineData("null", HttpStatusCode.OK, "The coordinator gave an answer that can't be read.")]
    public async Task Submit_AnAnswerOfSomethingElse_IsToldAsOne(string body, HttpStatusCode status, string expected)
    {
        _stub.Answer(body, status);
        Assert.Equal(expected, (await Assert.ThrowsAsync<CoordinatorException>(Submit)).Message);
    }

    private Task<int> Submit()
    {
        Assert.True(Factors.TryRead("[[1, 2], [3, 4]]", "[[5, 6], [7, 8]]", out var factors, out _));
        return _stub.Open().SubmitAsync(factors, TestContext.Current.CancellationToken);
    }
}
