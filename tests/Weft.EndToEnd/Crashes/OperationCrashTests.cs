using System.Text.Json;
using Weft.EndToEnd.Api;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Crashes;

/// <summary>An operation on many tasks that is killed in the middle goes on, and meets each task once.</summary>
public sealed class OperationCrashTests
{
    private const int TaskCount = 5_000;
    private const int BatchMax = 1_000;
    private const int KilledAgainCount = 200;

    [Fact]
    public async Task Retry_KilledInTheMiddle_RetriesEachTaskOnce()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var api = new ApiWire(coordinator.Wire);
        await SubmitAsync(api);
        while (await DieAsync(api, BatchMax) > 0)
        {
        }

        var started = await api.PostAsync("operations", """{"action":"retry","filter":{"queue":"q"}}""", 202);
        var path = $"operations/{started.GetProperty("id").GetInt64()}";
        var died = 0;
        for (var kills = 0; kills < 2; kills++)
        {
            var before = Changed(await api.GetAsync(path));
            await Eventually.SeeAsync("a step was taken", () => api.GetAsync(path), now => Changed(now) > before);
            await coordinator.KillAsync();
            await coordinator.StartAsync();
            var left = await api.GetAsync(path);
            Assert.InRange(Changed(left), 1, TaskCount);
            if (kills == 0) Assert.Equal("running", State(left));
            // Those that were retried already, and are dead once more: the operation is past them.
            died += await DieAsync(api, KilledAgainCount);
        }

        var done = await Eventually.SeeAsync("the operation is over", () => api.GetAsync(path),
            now => State(now) != "running");
        Assert.Equal(("finished", TaskCount, TaskCount, 0), (
            State(done), done.GetProperty("matched").GetInt32(), Changed(done),
            done.GetProperty("refused").GetInt32()));
        Assert.Equal(2 * KilledAgainCount, died);
        var counts = (await api.GetAsync("queues")).GetProperty("queues")[0].GetProperty("counts");
        Assert.Equal((died, TaskCount - died),
            (counts.GetProperty("dead").GetInt32(), counts.GetProperty("ready").GetInt32()));
    }

    private static async Task SubmitAsync(ApiWire api)
    {
        var tasks = string.Join(',', Enumerable.Repeat("""{"queue":"q","payload":1}""", BatchMax));
        for (var count = 0; count < TaskCount; count += BatchMax)
            await api.PostAsync("tasks/batch", $$"""{"tasks":[{{tasks}}]}""");
    }

    /// <returns>How many there were to die.</returns>
    private static async Task<int> DieAsync(ApiWire api, int max)
    {
        var claimed = await api.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["q"],"max":{{max}}}""");
        var items = claimed.GetProperty("tasks").EnumerateArray().Select(static task =>
            $$"""{"action":"fail","id":{{task.GetProperty("id")}},"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","error":"no","retry":false}""")
            .ToArray();
        if (items.Length > 0)
            await api.PostAsync("tasks/settle", $$"""{"workerId":"w","items":[{{string.Join(',', items)}}]}""");
        return items.Length;
    }

    private static string? State(JsonElement operation) => operation.GetProperty("state").GetString();

    private static int Changed(JsonElement operation) => operation.GetProperty("changed").GetInt32();
}
