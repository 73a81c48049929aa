using System.Text.Json;
using Weft.EndToEnd.Api;
using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Coordinators;

/// <summary>Two coordinators over one database: what is done at one counts at the other.</summary>
[Trait("Store", "sqlite")] // Not over another store: these choose their own.
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private string database = "";
    private CoordinatorProcess one = null!;
    private CoordinatorProcess other = null!;

    public async ValueTask InitializeAsync()
    {
        database = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();
        one = await CoordinatorProcess.StartOnAsync(database);
        other = await CoordinatorProcess.StartOnAsync(database);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await other.DisposeAsync();
        await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(database);
    }

    [Fact]
    public async Task APausedQueue_IsPausedAtBoth_AndItsEndWakesWhoWaitsAtTheOther()
    {
        await Api(one).PostAsync("queues/q/pause");
        await Api(one).PostAsync("tasks", """{"queue":"q","payload":1}""", 201);
        Assert.Empty(await ClaimAsync(other, """{"workerId":"w","queues":["q"]}"""));
        Assert.True(Assert.Single((await Api(other).GetAsync("queues")).GetProperty("queues").EnumerateArray())
            .GetProperty("paused").GetBoolean());

        var waiting = ClaimAsync(other, """{"workerId":"w","queues":["q"],"wait":25}""");
        await Api(one).PostAsync("queues/q/resume");
        Assert.Single(await waiting);
    }

    [Fact]
    public async Task AGroup_IsFilledAtOne_AndFollowedAtTheOther()
    {
        var group = Id(await Api(one).PostAsync("groups", """{"name":"g"}""", 201));
        await Api(other).PostAsync("tasks", $$"""{"payload":1,"group":{{group}}}""", 201);
        var following = Api(other).LinesAsync($"groups/{group}/results?wait=25");
        var task = Assert.Single(await ClaimAsync(one, """{"workerId":"w"}"""));
        var watching = Api(other).GetAsync($"tasks/{Id(task)}?wait=25");
        await Api(one)
            .PostAsync($"tasks/{Id(task)}/complete",
            $$"""{"leaseToken":"{{task.GetProperty("leaseToken")}}","result":2}""");

        Assert.Equal("completed", (await watching).GetProperty("state").GetString());
        var lines = await following;
        Assert.Equal(Id(task), Id(lines[0]));
        Assert.True(lines[^1].GetProperty("done").GetBoolean());
        await Api(other).PostAsync("tasks", $$"""{"payload":1,"group":{{group}}}""", 201);
        Assert.Equal(1, (await Api(one).PostAsync($"groups/{group}/cancel")).GetProperty("cancelled").GetInt32());
    }

    [Fact]
    public async Task AWorker_IsSeenAtBoth()
    {
        Assert.Equal(200, (await one.Wire.PostAsync("/worker/register", """{"workerId":"registered"}""")).Status);
        await Api(one).PostAsync("tasks", """{"payload":1}""", 201);
        await ClaimAsync(other, """{"workerId":"claimer"}""");
        foreach (var coordinator in (CoordinatorProcess[])[one, other])
        {
            var workers = await Eventually.SeeAsync("both workers",
                async () => (await Api(coordinator).GetAsync("workers")).GetProperty("workers"), static workers =>
                workers.GetArrayLength() == 2);
            var claimer = workers.EnumerateArray()
                .Single(static worker => worker.GetProperty("id").GetString() == "claimer");
            Assert.Equal(1, claimer.GetProperty("tasks").GetArrayLength());
            Assert.Equal(2, (await coordinator.Wire.GetAsync("/stats")).Json.GetProperty("workers").GetProperty("total")
                .GetInt32());
        }
    }

    [Fact]
    public async Task AToken_CountsAtBoth_UntilItIsRevoked()
    {
        await using var first = await CoordinatorProcess.StartOnAsync(database, "--access", "tokens");
        await using var second = await CoordinatorProcess.StartOnAsync(database, "--access", "tokens");
        // The coordinators without access control serve the same tokens.
        var created = await Api(one).PostAsync("tokens", """{"scopes":["read"]}""", 201);
        using var stranger = new Wire(first.Address);
        Assert.Equal(401, (await stranger.GetAsync("/stats")).Status);
        foreach (var coordinator in (CoordinatorProcess[])[first, second])
        {
            using var reader = new Wire(coordinator.Address, created.GetProperty("token").GetString());
            await Eventually.SeeAsync("the token known", async () => (await reader.GetAsync("/stats")).Status,
                static status => status == 200);
        }

        Assert.Equal(200, (await one.Wire.SendAsync(HttpMethod.Delete, $"/api/v1/tokens/{Id(created)}", null)).Status);
        foreach (var coordinator in (CoordinatorProcess[])[first, second])
        {
            using var reader = new Wire(coordinator.Address, created.GetProperty("token").GetString());
            await Eventually.SeeAsync("the token gone", async () => (await reader.GetAsync("/stats")).Status,
                static status => status == 401);
        }
    }

    [Fact]
    public async Task AModule_IsPushedAtOne_AndRunByWorkersOfTheOther()
    {
        var pushed = await one.Wire.SendAsync(HttpMethod.Put, "/api/v1/modules",
            new ByteArrayContent(WasmCommand.Bytes) { Headers = { ContentType = new("application/wasm") } });
        Assert.True(pushed.Status == 201, pushed.ToString());
        var hash = pushed.Json.GetProperty("sha256").GetString();
        await Api(other).PostAsync("tasks", $$"""{"payload":1,"module":"{{hash}}"}""", 201);
        Assert.Empty(await ClaimAsync(one, """{"workerId":"w"}"""));
        var task =
            Assert.Single(await ClaimAsync(one, """{"workerId":"w","capabilities":["wasi"],"modulesOnly":true}"""));
        Assert.Equal(hash, task.GetProperty("module").GetString());
        Assert.Equal(WasmCommand.Bytes.Length, (await other.Wire.GetAsync($"/api/v1/modules/{hash}")).Body.Length);
        Assert.Equal(409, (await other.Wire.SendAsync(HttpMethod.Delete, $"/api/v1/modules/{hash}", null)).Status);
    }

    private static ApiWire Api(CoordinatorProcess coordinator) => new(coordinator.Wire);

    private static async Task<IReadOnlyList<JsonElement>> ClaimAsync(CoordinatorProcess coordinator, string body) =>
        [.. (await Api(coordinator).PostAsync("tasks/claim", body)).GetProperty("tasks").EnumerateArray()];

    private static long Id(JsonElement it) => it.GetProperty("id").GetInt64();
}
