using System.Text.Json;
using Weft.Contracts;

namespace Weft.Tests.Api;

/// <summary>The contracts' records are what the API reads and writes.</summary>
public sealed class ContractsTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Records_LeadATaskThroughItsLife()
    {
        var queue = ApiServer.NewQueue();
        var payload = JsonDocument.Parse("""{"n":1}""").RootElement;
        var batch =
            new BatchRequest([new(payload, queue, Type: "t", Priority: 1, MaxAttempts: 2, LeaseSeconds: 30,
                ExpiresInSeconds: 60, Requires: ["simd"])]);
        var id = Read<BatchOutcome>(await PostAsync("tasks/batch", batch)).Outcomes[0].Id!.Value;

        var claim = new ClaimRequest("contract", [queue], 1, Wait: 5, LeaseSeconds: 60, Capabilities: ["simd"]);
        var task = Assert.Single(Read<ClaimOutcome>(await PostAsync("tasks/claim", claim)).Tasks);
        Assert.Equal((id, """{"n":1}"""), (task.Id, task.Payload.GetRawText()));

        var settle = new SettleRequest([new(task.LeaseToken, "complete", id, Result: payload),
            new(task.LeaseToken, "release", id)], claim with { Wait = null });
        var outcome = Read<SettleOutcome>(await PostAsync("tasks/settle", settle));
        Assert.Equal([(200, null), (409, ProblemCodes.TaskFinished)],
            outcome.Outcomes.Select(static item => (item.Status, item.Code)));
        Assert.Empty(outcome.Tasks!);

        var info = Read<TaskInfo>(await server.GetAsync($"tasks/{id}"));
        Assert.Equal(("completed", "contract", """{"n":1}"""),
            (info.State, info.WorkerId, info.Result!.Value.GetRawText()));
        Assert.Equal(id, Assert.Single(Read<TaskList>(await server.GetAsync($"tasks?queue={queue}")).Tasks).Id);
        Assert.Equal(ProblemCodes.TaskNotFound, Read<Problem>(await server.GetAsync("tasks/999999999")).Code);
    }

    private Task<ApiAnswer> PostAsync<T>(string path, T value) =>
        server.PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), WireJson.Default));

    private static T Read<T>(ApiAnswer answer) =>
        (T)JsonSerializer.Deserialize(answer.Text, typeof(T), WireJson.Default)!;
}
