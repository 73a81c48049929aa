using Weft.EndToEnd.Cli;
using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Webhooks;

/// <summary>
/// Two coordinators over one database: a message is one's alone, and no less sent when that one dies.
/// </summary>
[Trait("Store", "sqlite")] // Not over another store: these choose their own.
public sealed class SharedWebhookTests : IAsyncLifetime
{
    private static readonly string[] Allowed = ["--webhook-http", "--webhook-allow", "127.0.0.1"];

    private string database = "";
    private CoordinatorProcess one = null!;
    private CoordinatorProcess other = null!;

    public async ValueTask InitializeAsync()
    {
        database = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();
        one = await CoordinatorProcess.StartOnAsync(database, Allowed);
        other = await CoordinatorProcess.StartOnAsync(database, Allowed);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await other.DisposeAsync();
        await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(database);
    }

    [Fact]
    public async Task AMessage_IsSentByOneOfThemAlone()
    {
        const int Count = 60;
        using var receiver = new WebhookReceiver();
        await AddAsync(receiver);
        for (var i = 0; i < Count; i++) await FinishAsync(i % 2 == 0 ? one : other);
        await receiver.WaitAsync(static all => all.Count >= Count);
        await Eventually.SeeAsync("nothing waits", () => other.LinesAsync("webhook", "list", "--json"),
            static lines => lines[0].Contains("\"pending\":0", StringComparison.Ordinal));
        Assert.Equal(Count, receiver.Received.Select(static message => message.Id).Distinct().Count());
        Assert.Equal(Count, receiver.Received.Count);
    }

    [Fact]
    public async Task WhatACoordinatorWasSendingWhenItDied_IsSentByTheOther()
    {
        // No answer for the first: it is in the hands of whoever asked.
        using var held = new CancellationTokenSource();
        using var receiver = new WebhookReceiver
        {
            StatusOf = request =>
            {
                if (request == 1) held.Token.WaitHandle.WaitOne();
                return 200;
            },
        };
        await AddAsync(receiver);
        await other.KillAsync();
        var id = await FinishAsync(one);
        await Eventually.SeeAsync("it is being sent", () => Task.FromResult(receiver.Asked),
            static asked => asked == 1);
        await one.KillAsync();
        await other.StartAsync();
        var message = Assert.Single(await receiver.WaitAsync(static all => all.Count > 0, TimeSpan.FromSeconds(90)));
        Assert.Equal(id, message.Data.GetProperty("id").GetInt64());
        await held.CancelAsync();
    }

    private async Task AddAsync(WebhookReceiver receiver) =>
        receiver.Secret =
            (await one.WeftAsync("webhook", "add", receiver.Address, "--event", "task.completed")).Output.TrimEnd();

    private static async Task<long> FinishAsync(CoordinatorProcess coordinator)
    {
        var id = await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", "\"result\":1");
        return id;
    }
}
