using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Core.Watching;
using Weft.Core.Workers;
using Weft.Testing.Time;

namespace Weft.Storage.Tests.Conformance;

/// <summary>A restart doesn't empty the plots.</summary>
public abstract class SamplesConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly IStoreHost _host = host;
    private readonly SettableTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private ISampleStore Samples => ((TaskStore)Store).Samples;

    [Fact]
    public async Task Minutes_AreStored_EachOnce_AndBelongToTheirCoordinator()
    {
        var minute = _time.GetUtcNow();
        await Samples.AddAsync("a", [new(minute, null, [1, 2.5f]), new(minute, "q", [3])]);
        await Samples.AddAsync("a", [new(minute, null, [9])]);
        await Samples.AddAsync("b", [new(minute, null, [7])]);
        await ReopenAsync();
        var stored = await Samples.ListAsync("a");
        Assert.Equal([null, "q"], stored.Select(static sample => sample.Queue));
        Assert.Equal([1, 2.5f], stored[0].Numbers);
        Assert.All(stored, sample => Assert.Equal(minute, sample.Minute));
        Assert.Equal(7, Assert.Single(Assert.Single(await Samples.ListAsync("b")).Numbers));
    }

    [Fact]
    public async Task OldMinutes_AreDeleted_ThoseOfQueuesSooner()
    {
        var first = _time.GetUtcNow();
        await Samples.AddAsync("a", [new(first, null, [1]), new(first, "q", [1])]);
        await _host.AdvanceAsync(Limits.QueueSamplesKeptTime + Minute);
        await Samples.AddAsync("a", [new(first + Limits.QueueSamplesKeptTime, null, [2])]);
        Assert.Equal([null, null], (await Samples.ListAsync("a")).Select(static sample => sample.Queue));
        await _host.AdvanceAsync(Limits.SamplesKeptTime);
        await Samples.AddAsync("b", []);
        Assert.Empty(await Samples.ListAsync("a"));
    }

    [Fact]
    public async Task Series_GoOnOverARestart()
    {
        var before = Watch();
        await before.LookAsync();
        for (var second = 0; second < 180; second += 10)
        {
            for (var i = 0; i < 5; i++) await SubmitAsync(Plain with { Queue = "q" });
            await TickAsync();
            await before.LookAsync();
        }

        await ReopenAsync();
        _time.Advance(Minute);
        var after = Watch();
        await after.LookAsync();
        await TickAsync();
        await after.LookAsync();
        foreach (var window in (TimeSpan[])[TimeSpan.FromMinutes(15), TimeSpan.FromHours(6), TimeSpan.FromDays(7)])
        {
            await AssertKnownAsync(after, null, window);
        }

        await AssertKnownAsync(after, "q", TimeSpan.FromHours(1));
    }

    private static async Task AssertKnownAsync(WatchTasks watch, string? queue, TimeSpan window)
    {
        var (step, start, series) = (await watch.SeriesAsync(queue, window))!.Value;
        var known = series[0].Select((rate, index) => (Rate: rate, At: start + index * step))
            .Where(static each => !float.IsNaN(each.Rate)).ToList();
        // Two whole minutes or more, and none of the time when nobody was there.
        var stored =
            known.Where(static each => each.At < new DateTimeOffset(2026, 3, 1, 12, 3, 0, TimeSpan.Zero)).ToList();
        Assert.InRange(stored.Count * step, 2 * Minute, 3 * Minute);
        Assert.All(stored, static each => Assert.InRange(each.Rate, 0.4f, 0.6f));
        Assert.DoesNotContain(known, static each =>
            each.At >= new DateTimeOffset(2026, 3, 1, 12, 3, 0, TimeSpan.Zero)
            && each.At < new DateTimeOffset(2026, 3, 1, 12, 4, 0, TimeSpan.Zero));
    }

    private async Task TickAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        await _host.AdvanceAsync(TimeSpan.FromSeconds(10));
    }

    private WatchTasks Watch()
    {
        var store = (TaskStore)Store;
        var workers = new WorkerDirectory(new WorkerRegistry(_time, rememberedMax: 10), _time);
        return new(_host.Meter.Tasks, new TakeSnapshot(
            store, store, workers, new BarredWorkers(store.Verification, _time), _time), store.Samples, "", _time);
    }
}
