using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>What becomes of a worker that lies, over HTTP.</summary>
public sealed class VerifyBarTests(ApiServer server) : IClassFixture<ApiServer>
{
    // The first answers of each are always checked; all of the tests are in one network.
    private const string Policy = """{"apart":"worker"}""";
    private const int AnswersOfElders = 3;
    private const int LiesToBar = 3;

    private readonly string _queue = ApiServer.NewQueue();

    [Fact]
    public async Task Worker_ThatLies_GetsNoMoreVerifiedTasks_AndKeepsItsNameInAnswers()
    {
        (await server.PutAsync($"queues/{_queue}/verify", Policy)).Accepted();
        string[] honest = [await KeyAsync(), await KeyAsync(), await KeyAsync()];
        var liar = await KeyAsync();
        var onBoard = (await server.PutAsync("board", $$"""{"workerKey":"{{liar}}","name":"liar"}""")).Accepted()
            .GetProperty("worker").GetString()!;
        for (var i = 0; i < AnswersOfElders; i++)
        {
            foreach (var worker in honest) await AnswerAsync(worker, "1", honest);
        }

        var lies = new List<long>();
        await server.SubmitAsync($"{_queue}-plain");
        await CompleteAsync(liar, (await ClaimAsync(liar, "-plain"))!.Value, "1");
        Assert.Contains(onBoard, (await server.GetAsync("board")).Text, StringComparison.Ordinal);
        for (var i = 0; i < LiesToBar; i++) lies.Add(await AnswerAsync(liar, "9", honest));
        var name = await NameAsync(lies[0]);
        Assert.Equal(name, await NameAsync(lies[^1]));

        // What is known of barred workers may be some seconds old; of a coordinator that has just started it is not.
        await server.RestartAsync();
        Assert.Equal(name, await NameAsync(lies[0]));
        Assert.Equal(onBoard, name);
        Assert.DoesNotContain(onBoard, (await server.GetAsync("board")).Text, StringComparison.Ordinal);
        var id = await server.SubmitAsync(_queue);
        Assert.Null(await ClaimAsync(liar));
        Assert.Equal(id, (await ClaimAsync(honest[0]))!.Value.GetProperty("id").GetInt64());
        var plain = await server.SubmitAsync($"{_queue}-plain");
        Assert.Equal(plain, (await ClaimAsync(liar, "-plain"))!.Value.GetProperty("id").GetInt64());
    }

    /// <summary>A task whose first answer is this one, and whose checks others answer rightly.</summary>
    private async Task<long> AnswerAsync(string worker, string result, string[] honest)
    {
        var id = await server.SubmitAsync(_queue);
        await CompleteAsync(worker, (await ClaimAsync(worker))!.Value, result);
        foreach (var other in honest)
        {
            if (await server.StateAsync(id) == "completed") break;
            if (await ClaimAsync(other) is { } check) await CompleteAsync(other, check, "1");
        }

        Assert.Equal(1, (await server.TaskAsync(id)).GetProperty("result").GetInt32());
        return id;
    }

    private async Task<string> NameAsync(long id) => (await server.GetAsync($"tasks/{id}/answers")).Accepted()
        .GetProperty("answers").EnumerateArray().Single(static answer =>
            answer.GetProperty("verdict").GetString() == "differed").GetProperty("worker").GetString()!;

    private async Task<string> KeyAsync() =>
        (await server.PostAsync("workers", "{}")).Accepted(201).GetProperty("workerKey").GetString()!;

    // What two keys did under one id would be nobody's.
    private static string IdOf(string key) => $"w-{key[^8..]}";

    private async Task<JsonElement?> ClaimAsync(string key, string of = "")
    {
        var tasks = (await server.PostAsync("tasks/claim",
            $$"""{"workerId":"{{IdOf(key)}}","queues":["{{_queue}}{{of}}"],"workerKey":"{{key}}"}""")).Accepted()
            .GetProperty("tasks").EnumerateArray().ToArray();
        return tasks.Length == 0 ? null : Assert.Single(tasks);
    }

    private async Task CompleteAsync(string key, JsonElement task, string result) => (await server.PostAsync(
        $"tasks/{task.GetProperty("id").GetInt64()}/complete",
        $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":{{result}},"workerId":"{{IdOf(key)}}"}"""))
        .Accepted();
}
