using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd;

public sealed class ResultTests
{
    [Theory]
    [InlineData("[[19,22],[43,50]]")]
    [InlineData("a \"quoted\" word, a back\\slash")]
    [InlineData("two\nlines\r\n\tand a tab")]
    [InlineData("nul \0 bell \u0007 Zoë 数学 🧵")]
    [InlineData("{\"looks\":\"like JSON\"}")]
    [InlineData("")]
    public async Task AStringResult_ComesBack_AsTheSameString(string result)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var outcome = await CompleteAsync(coordinator.Wire, JsonSerializer.Serialize(new { result }));
        Assert.Equal("completed", outcome.Status);
        Assert.Equal(result, JsonSerializer.Deserialize<string>(outcome.Result));
    }

    [Theory]
    [InlineData("""{"result":[[1,2],[3,4]]}""", "[[1,2],[3,4]]")]
    [InlineData("""{"result":{"nested":{"result":1}}}""", """{"nested":{"result":1}}""")]
    [InlineData("""{"result":123456789012345678901234567890.5}""", "123456789012345678901234567890.5")]
    [InlineData("""{"result":true}""", "true")]
    [InlineData("""{"result":null}""", "null")]
    [InlineData("""{"workerId":"w","result":"after another member"}""", "\"after another member\"")]
    public async Task AResultMember_OfAnyType_IsTheResult(string body, string expected)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new Outcome("completed", expected), await CompleteAsync(coordinator.Wire, body));
    }

    [Theory]
    [InlineData("""{"output":{"result":5}}""")]
    [InlineData("[1,2,3]")]
    [InlineData("\"only a string\"")]
    [InlineData("42")]
    public async Task AJsonBodyWithoutResultMember_IsTheResult(string body)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new Outcome("completed", body), await CompleteAsync(coordinator.Wire, body));
    }

    [Fact]
    public async Task ABodyThatIsNotJson_IsTheResult_AsOneJsonString()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var outcome = await CompleteAsync(coordinator.Wire, "not \"JSON\"\n");
        Assert.Equal("not \"JSON\"\n", JsonSerializer.Deserialize<string>(outcome.Result));
    }

    [Fact]
    public async Task ASecondResult_IsAnswered200_AndChangesNothing()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var taskId = await coordinator.Wire.SubmitAsync("{}");
        await coordinator.Wire.ClaimAsync("worker");
        await coordinator.Wire.CompleteAsync(taskId, """{"result":"first"}""");
        await coordinator.Wire.CompleteAsync(taskId, """{"result":"second"}""");
        Assert.Equal(new Outcome("completed", "\"first\""), await coordinator.Wire.OutcomeAsync(taskId));
        Assert.Equal(1, await coordinator.Wire.StatAsync("completed"));
    }

    [Fact]
    public async Task AResult_MovesTheTask_FromPendingOverProcessingToCompleted()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var taskId = await coordinator.Wire.SubmitAsync("{}");
        Assert.Equal(new Outcome("pending", "\"\""), await coordinator.Wire.OutcomeAsync(taskId));
        await coordinator.Wire.ClaimAsync("worker");
        Assert.Equal(new Outcome("processing", "\"\""), await coordinator.Wire.OutcomeAsync(taskId));
        await coordinator.Wire.CompleteAsync(taskId, """{"result":"done"}""");
        Assert.Equal(new Outcome("completed", "\"done\""), await coordinator.Wire.OutcomeAsync(taskId));
        Assert.Null(await coordinator.Wire.ClaimAsync("worker"));
    }

    private static async Task<Outcome> CompleteAsync(Wire wire, string body)
    {
        var taskId = await wire.SubmitAsync("{}");
        Assert.Equal(taskId, (await wire.ClaimAsync("worker"))!.TaskId);
        await wire.CompleteAsync(taskId, body);
        return await wire.OutcomeAsync(taskId);
    }
}
