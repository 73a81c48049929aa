using Microsoft.Extensions.Time.Testing;
using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Workers;
using Weft.Storage.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>What several coordinators on one database tell each other of the workers that they see.</summary>
public sealed class PostgresWorkersTests : IAsyncLifetime
{
    private readonly PostgresStoreHost _host = new();
    private Coordinator _one = null!;
    private Coordinator _other = null!;

    public async ValueTask InitializeAsync() => (_one, _other) = (await OpenAsync(), await OpenAsync());

    public async ValueTask DisposeAsync()
    {
        await _one.Store.DisposeAsync();
        await _other.Store.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task AWorker_IsListedEverywhere_WithWhatItDidAtEach()
    {
        _one.Registry.Saw("w").AddClaimed(3);
        // The clocks of the two machines differ: what counts is how long ago it was.
        _other.Time.Advance(TimeSpan.FromHours(5));
        _other.Registry.Saw("w").AddCompleted(2);
        _other.Registry.Saw("v").AddFailed(1);
        await PublishAsync();

        foreach (var coordinator in (Coordinator[])[_one, _other])
        {
            var workers = (await coordinator.Directory.ListAsync()).ToDictionary(static worker => worker.Id);
            Assert.Equal(["v", "w"], workers.Keys.Order());
            Assert.Equal((3, 2, 0), (workers["w"].Claimed, workers["w"].Completed, workers["w"].Failed));
            Assert.Equal(1, workers["v"].Failed);
            Assert.All(workers.Values, worker => Assert.Equal(coordinator.Time.GetUtcNow(), worker.LastSeenAt));
            Assert.Equal((2, 2), await coordinator.Directory.CountAsync());
        }
    }

    [Fact]
    public async Task WhatAWorkerAsksFor_IsKnownEverywhere_AsItAskedLast()
    {
        var fit = new WorkerFit(Capabilities.TryParse(["memory=8192", "simd"])!, ModulesOnly: true);
        _one.Registry.Saw("w").Asks(["old"], default(WorkerFit) with { Capabilities = Capabilities.None });
        _one.Registry.Saw("silent");
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        _other.Registry.Saw("w").Asks(["default", "squares"], fit);
        await PublishAsync();
        foreach (var coordinator in (Coordinator[])[_one, _other])
        {
            var workers = (await coordinator.Directory.ListAsync()).ToDictionary(static worker => worker.Id,
                static worker => worker.Offer);
            Assert.Equal(new(["default", "squares"], fit), workers["w"]);
            Assert.Null(workers["silent"]);
        }
    }

    [Fact]
    public async Task AWorkerThatWaits_IsActiveEverywhere_WhileItsCoordinatorLives()
    {
        _one.Registry.Saw("w").BeginWait();
        await PublishAsync();
        await AdvanceAsync(Limits.WaitMax);
        Assert.Equal((1, 0), await _other.Directory.CountAsync());
        await _one.Publisher.RunOnceAsync(CancellationToken.None);
        Assert.Equal((1, 1), await _other.Directory.CountAsync());
    }

    [Fact]
    public async Task OnlyWhatHasChanged_IsToldAgain()
    {
        _one.Registry.Saw("w");
        _one.Registry.Saw("v");
        // The first round learns that the board doesn't know this coordinator.
        Assert.Equal(2, await _one.Publisher.RunOnceAsync(CancellationToken.None));
        Assert.Equal(0, await _one.Publisher.RunOnceAsync(CancellationToken.None));
        _one.Registry.Saw("v").AddClaimed(1);
        Assert.Equal(1, await _one.Publisher.RunOnceAsync(CancellationToken.None));
        Assert.Equal(1, (await _other.Directory.ListAsync()).Single(static worker => worker.Id == "v").Claimed);
    }

    [Fact]
    public async Task ABoardThatWasEmptied_IsFilledAgain()
    {
        _one.Registry.Saw("w");
        await PublishAsync();
        // What a crash of the server does to tables that are not logged.
        await _host.ExecuteAsync("TRUNCATE workers, coordinators");
        Assert.Empty(await _other.Directory.ListAsync());
        await _one.Publisher.RunOnceAsync(CancellationToken.None);
        await _one.Publisher.RunOnceAsync(CancellationToken.None);
        Assert.Equal("w", Assert.Single(await _other.Directory.ListAsync()).Id);
    }

    [Fact]
    public async Task TheWorkersOfACoordinatorThatIsGone_AreForgottenAfterAWhile()
    {
        _one.Registry.Saw("w");
        await PublishAsync();
        await AdvanceAsync(Limits.WorkersOfGoneKeptTime - TimeSpan.FromSeconds(1));
        await _other.Store.Workers.ForgetGoneAsync(10);
        Assert.Single(await _other.Directory.ListAsync());
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await _other.Store.Workers.ForgetGoneAsync(10);
        Assert.Empty(await _other.Directory.ListAsync());
    }

    [Fact]
    public async Task TheBound_HoldsForWhatOthersSee_AndForWhatTheGoneHaveSeen()
    {
        const int Many = Limits.WorkersPublishedMax + 5;
        for (var i = 0; i < Many; i++) _one.Registry.Saw($"w{i}");
        Assert.Equal(Limits.WorkersPublishedMax, await _one.Publisher.RunOnceAsync(CancellationToken.None));
        Assert.Equal(Many, await PublishedAfterAllRoundsAsync());

        var bounded = new WorkerDirectory(_other.Registry, _other.Time, _other.Store.Workers, rememberedMax: 7);
        Assert.Equal(7, (await bounded.ListAsync()).Count);
        await AdvanceAsync(Limits.CoordinatorGoneTime);
        await _other.Store.Workers.ForgetGoneAsync(3);
        Assert.Equal(3, (await _other.Directory.ListAsync()).Count);
    }

    private async Task<int> PublishedAfterAllRoundsAsync()
    {
        while (await _one.Publisher.RunOnceAsync(CancellationToken.None) > 0)
        {
        }

        return (await _other.Directory.ListAsync()).Count;
    }

    private async Task PublishAsync()
    {
        await _one.Publisher.RunOnceAsync(CancellationToken.None);
        await _other.Publisher.RunOnceAsync(CancellationToken.None);
    }

    private async Task AdvanceAsync(TimeSpan time)
    {
        await _host.AdvanceAsync(time);
        _one.Time.Advance(time);
        _other.Time.Advance(time);
    }

    private async Task<Coordinator> OpenAsync()
    {
        var (store, time) = ((PostgresTaskStore)await _host.OpenAsync(), new FakeTimeProvider());
        var registry = new WorkerRegistry(time);
        return new(store, time, registry, new(registry, time, store.Workers), new(registry, store.Workers, time));
    }

    private sealed record Coordinator(PostgresTaskStore Store, FakeTimeProvider Time, WorkerRegistry Registry,
        WorkerDirectory Directory, WorkerPublisher Publisher);
}
