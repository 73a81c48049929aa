using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Weft.EndToEnd.Api;
using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Cli;

/// <summary>A coordinator's folder is carried over to PostgreSQL by the binary, and the work goes on there.</summary>
[Trait("Store", "sqlite")]
public sealed class MigrateCommandTests : IAsyncLifetime
{
    private const int Batches = 40;
    private const int TasksPerBatch = 1_000;

    private string database = "";

    public async ValueTask InitializeAsync() =>
        database = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();

    public async ValueTask DisposeAsync() => await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(database);

    [Fact]
    public async Task KilledInTheMiddle_ItGoesOn_AndWorkersGoOn()
    {
        await using var folder = await CoordinatorProcess.StartNewAsync();
        var held = await FillAsync(new(folder.Wire));
        var pending = await folder.Wire.StatAsync("pending");
        folder.Send(UnixSignal.Terminate);
        Assert.Equal(0, await folder.ExitAsync(Eventually.Max));

        await KillInTheMiddleAsync(folder.DataFolder);
        var early = await WeftBinary.RunAsync("serve", "--port", "0", "--store", database);
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("run 'weft migrate' again",
            Assert.Single(early.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);

        var done = await MigrateAsync(folder.DataFolder, "--json");
        Assert.True(done.ExitCode == 0, done.ToString());
        using var report = JsonDocument.Parse(done.Output);
        Assert.Equal(Batches * TasksPerBatch, report.RootElement.GetProperty("tasks").GetInt64());
        Assert.Matches("^[0-9a-f]{64}$", report.RootElement.GetProperty("digest").GetString());

        await AssertWorkGoesOnAsync(held, pending);
        AssertRefused(1, await MigrateAsync(folder.DataFolder), "already");
    }

    [Fact]
    public async Task ARunningCoordinator_AndAPlaceThatIsNone_AreSaidInALine()
    {
        await using var folder = await CoordinatorProcess.StartNewAsync();
        AssertRefused(1, await MigrateAsync(folder.DataFolder), "in use by another coordinator");
        AssertRefused(1, await WeftBinary.RunAsync("migrate", "--from", folder.Folder, "--to", database),
            "There is no database");
        AssertRefused(2, await WeftBinary.RunAsync("migrate", "--from", folder.DataFolder), "WEFT_STORE");
        folder.Send(UnixSignal.Terminate);
        await folder.ExitAsync(Eventually.Max);
        AssertRefused(1,
            await WeftBinary.RunAsync("migrate", "--from", folder.DataFolder, "--to",
            "Host=127.0.0.1;Port=1;Password=hunter2"), "127.0.0.1");
    }

    private async Task AssertWorkGoesOnAsync(JsonElement held, long pending)
    {
        await using var shared = await CoordinatorProcess.StartOnAsync(database);
        Assert.Equal(pending, await shared.Wire.StatAsync("pending"));
        var api = new ApiWire(shared.Wire);
        await api.PostAsync($"tasks/{held.GetProperty("id")}/complete",
            $$"""{"leaseToken":"{{held.GetProperty("leaseToken")}}","result":"done"}""");
        Assert.Equal("\"done\"", (await shared.Wire.OutcomeAsync(held.GetProperty("id").GetInt64())).Result);
        Assert.Equal(Batches * TasksPerBatch + 1, await shared.Wire.SubmitAsync("{}"));
        Assert.Equal("7", (await api.GetAsync("tasks/7")).GetProperty("payload").GetRawText());
    }

    /// <summary>Many tasks; the first is in a worker's hands.</summary>
    private static async Task<JsonElement> FillAsync(ApiWire api)
    {
        for (var batch = 0; batch < Batches; batch++)
        {
            var first = batch * TasksPerBatch + 1;
            await api.PostAsync("tasks/batch",
                $$"""{"tasks":[{{string.Join(',', Enumerable.Range(first, TasksPerBatch).Select(static i => $$"""{"payload":{{i}}}"""))}}]}""");
        }

        return Assert.Single((await api.PostAsync("tasks/claim", """{"workerId":"w","leaseSeconds":3600}"""))
            .GetProperty("tasks").EnumerateArray());
    }

    /// <summary>
    /// kill -9 while a batch is on its way that can't be committed, since this holds the row that it must write.
    /// </summary>
    private async Task KillInTheMiddleAsync(string folder)
    {
        using var process = Process.Start(WeftBinary.Describe(folder, "migrate", "--from", folder, "--to", database))!;
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await Eventually.SeeAsync("the first batch",
            () => ReadAsync(connection, "SELECT count(*) FROM information_schema.tables WHERE table_name = 'moves'"),
            static tables => tables == 1);
        await Eventually.SeeAsync("the first batch",
            () => ReadAsync(connection, "SELECT coalesce(max(last_task), 0) FROM moves"), static last => last > 0);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            Assert.InRange(await ReadAsync(connection, "SELECT last_task FROM moves FOR UPDATE"), 1,
                Batches * TasksPerBatch - 1);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // The server notices at its own pace that nobody is there any more.
        await Eventually.SeeAsync("the move's connection gone",
            () => ReadAsync(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 " +
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"), static locks =>
            locks == 0);
    }

    private static async Task<long> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private Task<CommandResult> MigrateAsync(string folder, params string[] options) =>
        WeftBinary.RunAsync(["migrate", "--from", folder, "--to", database, .. options]);

    private static void AssertRefused(int code, CommandResult result, string says)
    {
        Assert.True(result.ExitCode == code, result.ToString());
        Assert.Contains(says, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Error, StringComparison.Ordinal);
    }
}
