using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>Results of strangers, over HTTP: who gets verified tasks, and what nobody can read.</summary>
public sealed class VerifyTests(ApiServer server) : IClassFixture<ApiServer>
{
    // f32x4.relaxed_madd: its result depends on the processor.
    private const string Relaxed =
        "0061736D01000000010E0360000060027F7F017F60017F00030201000503010001071302066D656D6F72790200065F737461" +
        "727400000A43014102017DAC027FFD0C38393839383938393839383938393839FD0C38393839383938393839383938393839" +
        "FD0C38393839383938393839383938393839FD85021A0B";

    // All of the tests are in one network.
    private const string Apart = ""","verify":{"mode":"all","apart":"worker"}""";

    [Fact]
    public async Task Result_IsShown_OnceTwoWorkersAgree()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue, """{"n":6}""", Apart);
        Assert.Empty((await ClaimAsync(queue, null)).EnumerateArray());
        var (one, other) = (await KeyAsync(), await KeyAsync());
        var first = Assert.Single((await ClaimAsync(queue, one)).EnumerateArray());
        Assert.Equal(id, first.GetProperty("id").GetInt64());
        Assert.True(first.GetProperty("verified").GetBoolean());
        await CompleteAsync(first, "36");

        var task = await server.TaskAsync(id);
        Assert.Equal("checking", task.GetProperty("state").GetString());
        Assert.False(task.TryGetProperty("result", out _));
        var old = (await server.GetAsync($"/result/{id}")).Accepted();
        Assert.Equal(("pending", ""), (old.GetProperty("status").GetString(), old.GetProperty("result").GetString()));
        var open = Assert.Single(await AnswersAsync(id));
        Assert.Equal("open", open.GetProperty("verdict").GetString());
        Assert.False(open.TryGetProperty("sha256", out _));
        var counts = (await server.GetAsync($"queues/{queue}")).Accepted().GetProperty("counts");
        Assert.Equal((1, 0),
            (counts.GetProperty("checking").GetInt32(), counts.GetProperty("ready").GetInt32()));
        var reason = (await server.GetAsync($"tasks/{id}/explain")).Accepted().GetProperty("reasons")[0];
        Assert.Equal("awaiting_check", reason.GetProperty("code").GetString());

        Assert.Empty((await ClaimAsync(queue, one)).EnumerateArray());
        var check = Assert.Single((await ClaimAsync(queue, other)).EnumerateArray());
        var hidden = check.GetProperty("id").GetInt64();
        Assert.Equal(404, (await server.GetAsync($"tasks/{hidden}")).Status);
        Assert.Equal(Names(first), Names(check));
        await CompleteAsync(check, "36");
        Assert.Equal(404, (await server.GetAsync($"/result/{hidden}")).Status);
        var told = await server.TaskAsync(id);
        Assert.Equal(("completed", 36), (told.GetProperty("state").GetString(), told.GetProperty("result").GetInt32()));
        var answers = await AnswersAsync(id);
        Assert.Equal(2, answers.Select(static answer => answer.GetProperty("worker").GetString()).Distinct().Count());
        Assert.Single(answers.Select(static answer => answer.GetProperty("sha256").GetString()).Distinct());
    }

    [Fact]
    public async Task OldClients_NeitherGetNorAnswerVerifiedTasks()
    {
        var id = await server.SubmitAsync("default", "1", Apart);
        Assert.NotEqual(
            id, (await server.GetAsync("/task/next?workerId=w")) is { Status: 200 } got
                ? got.Accepted().GetProperty("taskId").GetInt64() : 0);
        Assert.Equal(404, (await server.PostAsync($"/task/{id}/result", """{"result":1}""")).Status);
        Assert.Equal("ready", await server.StateAsync(id));
        await server.PostAsync($"tasks/{id}/cancel", "");
    }

    [Fact]
    public async Task WhatCheckingHasFound_IsSeenOfAQueue_AndOfAGroup()
    {
        var queue = ApiServer.NewQueue();
        var nothing = (await server.GetAsync($"queues/{queue}/verification")).Accepted();
        Assert.False(nothing.TryGetProperty("verify", out _));
        Assert.Equal(0, nothing.GetProperty("sample").GetProperty("results").GetInt32());
        var group = (await server.PostAsync("groups", "{}")).Accepted(201).GetProperty("id").GetInt64();
        const string Adaptive = ""","verify":{"apart":"worker"}""";
        await server.SubmitAsync(queue, "6", $"{Adaptive},\"group\":{group}");
        var names = new List<string?>();
        foreach (var result in (string[])["36", "35", "36", "36"])
        {
            var made = (await server.PostAsync("workers", "{}")).Accepted(201);
            names.Add(made.GetProperty("worker").GetString());
            var claimed = await ClaimAsync(queue, made.GetProperty("workerKey").GetString());
            await CompleteAsync(Assert.Single(claimed.EnumerateArray()), result);
            if (names.Count > 1) continue;
            var waiting = (await server.GetAsync($"queues/{queue}/verification")).Accepted().GetProperty("waiting");
            Assert.Equal(1, waiting.GetProperty("tasks").GetInt32());
            Assert.StartsWith("It has 1 answer, and ",
                waiting.GetProperty("reasons")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        var found = (await server.GetAsync($"queues/{queue}/verification")).Accepted();
        Assert.Equal(0.1, found.GetProperty("verify").GetProperty("assumeHostile").GetDouble());
        var sample = found.GetProperty("sample");
        Assert.Equal((1, 4, 1, 0), (
            sample.GetProperty("results").GetInt32(), sample.GetProperty("copies").GetInt32(),
            sample.GetProperty("differed").GetInt32(), sample.GetProperty("wrong").GetInt32()));
        var suspect = Assert.Single(found.GetProperty("suspects").EnumerateArray());
        Assert.Equal(
            (names[1], 1), (suspect.GetProperty("worker").GetString(), suspect.GetProperty("faults").GetInt32()));
        var told = (await server.GetAsync($"groups/{group}/verification")).Accepted().GetProperty("sample");
        Assert.Equal(4, told.GetProperty("copies").GetInt32());
        Assert.True(told.GetProperty("kept").GetBoolean() && sample.GetProperty("kept").GetBoolean());
        Assert.InRange(told.GetProperty("risk").GetDouble(), 0, 0.01);
    }

    [Theory]
    [InlineData("wk_T0gd1pVQxkQk0mXhG8r3n2JcY5b7uEwL")]
    [InlineData("zebra")]
    public async Task Claim_WithAForgedKey_IsRefused(string key)
    {
        var queue = ApiServer.NewQueue();
        var claim = $$"""{"workerId":"w","queues":["{{queue}}"],"workerKey":"{{key}}"}""";
        (await server.PostAsync("tasks/claim", claim)).Refused(403, "invalid_worker_key");
        (await server.PostAsync("tasks/settle", $$"""{"items":[],"claim":{{claim}}}"""))
            .Refused(403, "invalid_worker_key");
    }

    [Theory]
    [InlineData("{\"maxWrong\":0}")]
    [InlineData("{\"maxWrong\":0.5}")]
    [InlineData("{\"assumeHostile\":0}")]
    [InlineData("{\"assumeHostile\":0.5}")]
    [InlineData("{\"assumeHostile\":\"few\"}")]
    [InlineData("{\"mode\":\"some\"}")]
    [InlineData("{\"copies\":1}")]
    [InlineData("{\"copies\":7,\"copiesMax\":6}")]
    [InlineData("{\"compare\":\"bits\"}")]
    [InlineData("{\"compare\":{}}")]
    [InlineData("{\"compare\":{\"numbers\":{\"rel\":1}}}")]
    [InlineData("{\"apart\":\"planet\"}")]
    [InlineData("{\"share\":1}")]
    [InlineData("true")]
    public async Task Policy_ThatMakesNoSense_IsRefused(string policy)
    {
        (await server.PostAsync("tasks", $$"""{"payload":1,"verify":{{policy}}}""")).Refused(400, "invalid_request");
        (await server.PutAsync($"queues/{ApiServer.NewQueue()}/verify", policy)).Refused(400, "invalid_request");
    }

    [Theory]
    [InlineData("0.1", 4)]
    [InlineData("0.2", 5)]
    [InlineData("0.01", 2)]
    public async Task MaxWrong_SaysHowManyMustAgree_WhereSoManyLieAlike(string hostile, int copies)
    {
        var queue = ApiServer.NewQueue();
        Assert.Equal(404, (await server.GetAsync($"queues/{queue}/verify")).Status);
        var set = (await server.PutAsync(
            $"queues/{queue}/verify", $$"""{"mode":"all","maxWrong":0.001,"assumeHostile":{{hostile}}}""")).Accepted();
        Assert.Equal(copies, set.GetProperty("copies").GetInt32());
        Assert.Equal(hostile, set.GetProperty("assumeHostile").GetRawText());
        Assert.Equal(set.GetRawText(), (await server.GetAsync($"queues/{queue}/verify")).Text);
        Assert.Equal(204, (await server.DeleteAsync($"queues/{queue}/verify")).Status);
        Assert.Equal(404, (await server.GetAsync($"queues/{queue}/verify")).Status);
    }

    [Fact]
    public async Task Module_WhoseRunsDiffer_IsNotVerified_UnlessNumbersMayDiffer()
    {
        var module = Convert.FromHexString(Relaxed);
        (await server.PushAsync(module)).Accepted(201);
        var task = $"{{\"payload\":1,\"module\":\"{ModuleBytes.Hash(module)}\",\"verify\":";
        (await server.PostAsync("tasks", task + "{}}")).Refused(422, "module_not_repeatable");
        var batch = (await server.PostAsync("tasks/batch", $"{{\"tasks\":[{task}{{}}}}]}}")).Accepted();
        Assert.Equal("module_not_repeatable", batch.GetProperty("outcomes")[0].GetProperty("code").GetString());
        var taken = await server.PostAsync("tasks", task + """{"compare":{"numbers":{"rel":1e-6}}}}""");
        await server.PostAsync($"tasks/{taken.Accepted(201).GetProperty("id").GetInt64()}/cancel", "");
    }

    [Theory]
    [InlineData("{}", "adaptive")]
    [InlineData("""{"maxWrong":0.001}""", "adaptive")]
    [InlineData("""{"copies":3}""", "all")]
    [InlineData("""{"copies":3,"mode":"adaptive"}""", "adaptive")]
    public async Task Mode_IsAdaptive_UnlessCopiesAreCounted(string policy, string mode)
    {
        var set = (await server.PutAsync($"queues/{ApiServer.NewQueue()}/verify", policy)).Accepted();
        Assert.Equal(mode, set.GetProperty("mode").GetString());
    }

    // A newcomer has one task, and is handed the next once its answer was found right: it waits for that meanwhile.
    [Fact]
    public async Task NewWorker_WaitsForItsCheck_AndIsWokenByIt()
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue, "6", ""","verify":{"apart":"worker"}""");
        var worker = await KeyAsync();
        await CompleteAsync(Assert.Single((await ClaimAsync(queue, worker)).EnumerateArray()), "36");
        var next = await server.SubmitAsync(queue, "7", ""","verify":{"apart":"worker"}""");
        var waiting = ClaimAsync(queue, worker, wait: 25);
        var reason = (await server.GetAsync($"tasks/{next}/explain")).Accepted().GetProperty("reasons")[0];
        Assert.Equal("awaiting_check", reason.GetProperty("code").GetString());
        foreach (var other in new[] { await KeyAsync(), await KeyAsync() })
        {
            await CompleteAsync(Assert.Single((await ClaimAsync(queue, other, max: 1)).EnumerateArray()), "36");
        }

        var task = Assert.Single((await waiting).EnumerateArray());
        Assert.Equal(next, task.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Receipts_HaveOneHashOverAllLines()
    {
        var queue = ApiServer.NewQueue();
        var group = (await server.PostAsync("groups", "{}")).Accepted(201).GetProperty("id").GetInt64();
        await server.SubmitAsync(queue, "6", $"{Apart},\"group\":{group}");
        var keys = new[] { await KeyAsync(), await KeyAsync() };
        foreach (var key in keys)
        {
            await CompleteAsync(Assert.Single((await ClaimAsync(queue, key)).EnumerateArray()), "36");
        }

        var text = (await server.GetAsync($"groups/{group}/receipts")).Text;
        var lines = text.Split('\n');
        Assert.Equal(3, lines.Length);
        var receipt = JsonElement.Parse(lines[0]);
        Assert.Equal(Sha256("6"), receipt.GetProperty("payloadSha256").GetString());
        Assert.Equal(Sha256("36"), receipt.GetProperty("resultSha256").GetString());
        Assert.Equal(2, receipt.GetProperty("answers").GetArrayLength());
        var end = JsonElement.Parse(lines[1]);
        Assert.Equal(
            (1, Sha256(lines[0] + "\n")), (end.GetProperty("tasks").GetInt32(), end.GetProperty("sha256").GetString()));
        var result = JsonElement.Parse((await server.GetAsync($"groups/{group}/results")).Text.Split('\n')[0]);
        Assert.Equal(2, result.GetProperty("answers").GetInt32());
        Assert.InRange(result.GetProperty("risk").GetDouble(), 0.01, 0.02);
        Assert.Empty((await server.GetAsync($"groups/{group}/corrections")).Accepted()
            .GetProperty("corrections").EnumerateArray());
    }

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<string> KeyAsync() =>
        (await server.PostAsync("workers", "{}")).Accepted(201).GetProperty("workerKey").GetString()!;

    private async Task<JsonElement> ClaimAsync(string queue, string? key, int max = 5, int wait = 0)
    {
        var proof = key is null ? "" : $",\"workerKey\":\"{key}\"";
        var answer = await server.PostAsync(
            "tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"],"max":{{max}},"wait":{{wait}}{{proof}}}""");
        return answer.Accepted().GetProperty("tasks");
    }

    private async Task CompleteAsync(JsonElement task, string result) => (await server.PostAsync(
        $"tasks/{task.GetProperty("id").GetInt64()}/complete",
        $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":{{result}}}""")).Accepted();

    private async Task<JsonElement[]> AnswersAsync(long id) =>
        [.. (await server.GetAsync($"tasks/{id}/answers")).Accepted().GetProperty("answers").EnumerateArray()];

    // What tells a worker nothing about whether it is a check.
    private static IEnumerable<string> Names(JsonElement task) =>
        task.EnumerateObject().Select(static member => member.Name);
}
