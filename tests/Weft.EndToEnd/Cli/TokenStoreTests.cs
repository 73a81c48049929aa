using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft token --store</c>: on the database that coordinators share, whether one runs or not.</summary>
[Trait("Store", "sqlite")]
public sealed class TokenStoreTests : IAsyncLifetime
{
    private string _database = "";

    public async ValueTask InitializeAsync() =>
        _database = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();

    public async ValueTask DisposeAsync() => await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(_database);

    [Fact]
    public async Task CreateListAndRevoke_NeedNoCoordinator()
    {
        var made = await WeftBinary.RunAsync("token", "create", "--scope", "admin", "--name", "made ahead",
            "--store", _database);
        Assert.True(made.ExitCode == 0, made.ToString());
        Assert.StartsWith("weft_", made.Output, StringComparison.Ordinal);
        Assert.Contains("made ahead", (await InEnvironmentAsync("list")).Output, StringComparison.Ordinal);
        Assert.Equal(new(0, "Token 1 is revoked.\n", ""), await InEnvironmentAsync("revoke", "1"));
        Assert.DoesNotContain("made ahead", (await InEnvironmentAsync("list")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await InEnvironmentAsync("revoke", "1")).ExitCode);
    }

    [Fact]
    public async Task WhatCannotBeOpened_IsSaidInALine_WithoutThePassword()
    {
        foreach (var arguments in (string[][])[["--store", "Host=127.0.0.1;Port=1;Password=hunter2"], ["--store"],
            ["--store", _database, "--data", "folder"]])
        {
            var refused = await WeftBinary.RunAsync(["token", "list", .. arguments]);
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.DoesNotContain("hunter2",
                Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                StringComparison.Ordinal);
        }
    }

    private Task<CommandResult> InEnvironmentAsync(params string[] arguments)
    {
        var start = WeftBinary.Describe(Path.GetTempPath(), ["token", .. arguments, "--store"]);
        start.Environment["WEFT_STORE"] = _database;
        return Command.RunAsync(start, Eventually.Max);
    }
}
