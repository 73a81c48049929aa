using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>The names that volunteers give, over HTTP.</summary>
public sealed class BoardTests(ApiServer server) : IClassFixture<ApiServer>
{
    private readonly string _queue = ApiServer.NewQueue();

    [Fact]
    public async Task ANamedWorker_IsOnTheBoard_WithItsFirstResult_AndOverARestart()
    {
        var key = await KeyAsync();
        var worker = (await NameAsync(key, "Ada")).Accepted().GetProperty("worker").GetString()!;
        Assert.Null(await FindAsync(worker));

        await WorkAsync(key, runMs: 1_000_000);
        var first = (await FindAsync(worker))!.Value;
        Assert.Equal(("Ada", 1),
            (first.GetProperty("name").GetString(), first.GetProperty("tasks").GetInt64()));
        // It said more than it can have computed.
        Assert.InRange(first.GetProperty("computeSeconds").GetDouble(), 0, 900);

        await server.RestartAsync();
        await WorkAsync(key, again: true);
        var second = (await FindAsync(worker))!.Value;
        Assert.Equal(2, second.GetProperty("tasks").GetInt64());
        Assert.Equal(first.GetProperty("since").GetDateTimeOffset(), second.GetProperty("since").GetDateTimeOffset());
    }

    [Fact]
    public async Task WhatAWorkerDid_BeforeItHadAName_OrUnderNoKey_DoesNotCount()
    {
        var key = await KeyAsync();
        await WorkAsync(key);
        var worker = (await NameAsync(key, "Ben")).Accepted().GetProperty("worker").GetString()!;
        await WorkAsync(key: null);
        Assert.Null(await FindAsync(worker));
        await WorkAsync(key);
        Assert.Equal(1, (await FindAsync(worker))!.Value.GetProperty("tasks").GetInt64());
    }

    [Fact]
    public async Task WhatIsDoneUnderAnId_ThatTwoKeysClaimUnder_IsNobodys()
    {
        var (key, other) = (await KeyAsync(), await KeyAsync());
        var worker = (await NameAsync(key, "Dora")).Accepted().GetProperty("worker").GetString()!;
        var taker = (await NameAsync(other, "Mallory")).Accepted().GetProperty("worker").GetString()!;
        await WorkAsync(key);
        await server.PostAsync("tasks/claim",
            $$"""{"workerId":"w-{{_queue}}","queues":["{{_queue}}"],"workerKey":"{{other}}"}""");
        await WorkAsync(other);
        Assert.Null(await FindAsync(taker));
        Assert.Equal(1, (await FindAsync(worker))!.Value.GetProperty("tasks").GetInt64());
    }

    [Fact]
    public async Task AVolunteer_TakesItsNameBack()
    {
        var key = await KeyAsync();
        var worker = (await NameAsync(key, "Cleo")).Accepted().GetProperty("worker").GetString()!;
        await WorkAsync(key);
        Assert.False((await NameAsync(key, null)).Accepted().TryGetProperty("name", out _));
        Assert.Null(await FindAsync(worker));
        (await NameAsync(key, "Cleo")).Accepted();
        Assert.Null(await FindAsync(worker));
    }

    [Fact]
    public async Task ANameThatTheOperatorTookOff_StaysOff()
    {
        var key = await KeyAsync();
        var worker = (await NameAsync(key, "rude")).Accepted().GetProperty("worker").GetString()!;
        await WorkAsync(key);
        (await server.DeleteAsync($"board/{worker}")).Accepted();
        Assert.Null(await FindAsync(worker));
        (await NameAsync(key, "ruder")).Refused(403, "forbidden");
        (await server.DeleteAsync($"board/{worker}")).Refused(404, "not_found");
        var noted = (await server.GetAsync("audit?limit=10")).Accepted().GetProperty("entries").EnumerateArray()
            .Single(entry => entry.GetProperty("subject").GetString() == worker);
        Assert.Equal("board.remove", noted.GetProperty("action").GetString());
        // The audit is kept for long: it has the worker, and not the word that had to go.
        Assert.DoesNotContain("rude", noted.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\\u202eeve\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"12345678901234567890123456789012345678901\"")]
    public async Task WhatIsNoName_IsRefused(string name)
    {
        var key = await KeyAsync();
        (await server.PutAsync("board", $$"""{"workerKey":"{{key}}","name":{{name}}}"""))
            .Refused(400, "invalid_request");
    }

    [Fact]
    public async Task AKeyOfSomebodyElses_GivesNoName() =>
        (await NameAsync("wk_T0gd1pVQxkQk0mXhG8r3n2JcY5b7uEwL", "Eve")).Refused(403, "invalid_worker_key");

    private async Task<string> KeyAsync() =>
        (await server.PostAsync("workers", "{}")).Accepted(201).GetProperty("workerKey").GetString()!;

    private Task<ApiAnswer> NameAsync(string key, string? name) => server.PutAsync("board",
        JsonSerializer.Serialize(name is null
            ? new Dictionary<string, string> { ["workerKey"] = key }
            : new() { ["workerKey"] = key, ["name"] = name }));

    /// <summary>Completes one task.</summary>
    private async Task WorkAsync(string? key, int runMs = 5, bool again = false)
    {
        await server.SubmitAsync(_queue);
        var claim = $$"""{"workerId":"w-{{_queue}}","queues":["{{_queue}}"]{{(key is null ? "" : $",\"workerKey\":\"{key}\"")}}}""";
        var task = Assert.Single((await server.PostAsync("tasks/claim", claim)).Accepted().GetProperty("tasks")
            .EnumerateArray());
        // The second time is a repetition by a worker that missed the answer.
        for (var i = 0; i < (again ? 2 : 1); i++)
        {
            (await server.PostAsync($"tasks/{task.GetProperty("id").GetInt64()}/complete",
                $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":1,"runMs":{{runMs}},"workerId":"w-{{_queue}}"}"""))
                .Accepted();
        }
    }

    private async Task<JsonElement?> FindAsync(string worker)
    {
        var board = (await server.GetAsync("board")).Accepted();
        Assert.True(board.GetProperty("on").GetBoolean());
        return board.GetProperty("names").EnumerateArray()
            .Where(entry => entry.GetProperty("worker").GetString() == worker)
            .Select(static entry => (JsonElement?)entry).SingleOrDefault();
    }
}
