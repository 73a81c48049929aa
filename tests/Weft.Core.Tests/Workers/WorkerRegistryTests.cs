using Microsoft.Extensions.Time.Testing;
using Weft.Core.Events;
using Weft.Core.Workers;

namespace Weft.Core.Tests.Workers;

public sealed class WorkerRegistryTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly WorkerRegistry _workers;

    public WorkerRegistryTests() => _workers = new(_time);

    [Fact]
    public void Worker_UnseenForAWhile_IsNotActive()
    {
        _workers.Saw("a");
        _time.Advance(Limits.WorkerActiveTime);
        _workers.Saw("b");
        Assert.Equal((2, 2), _workers.Count());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((2, 1), _workers.Count());
    }

    [Fact]
    public void Worker_ThatWaitsForWork_IsActive_HoweverLong()
    {
        var worker = _workers.Saw("a");
        worker.BeginWait();
        _time.Advance(Limits.WaitMax);
        Assert.Equal((1, 1), _workers.Count());
        worker.EndWait();
        Assert.Equal((1, 0), _workers.Count());
    }

    [Fact]
    public async Task Followers_AreTold_WhoComes_WhoFallsSilent_AndWhoComesBack()
    {
        var log = new EventLog(_time);
        var workers = new WorkerRegistry(_time, events: log);
        workers.Saw("before");
        using var stream = EventStream.Open(
            log, new() { Topics = EventTopics.Workers }, after: null, Limits.EventStreamTimeMax, TimeProvider.System)!;
        var waiting = workers.Saw("waits");
        waiting.BeginWait();
        workers.Saw("waits");
        _time.Advance(Limits.WorkerServesTime);
        workers.NoteSilent();
        workers.Saw("late");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        workers.NoteSilent();
        workers.NoteSilent();
        workers.Saw("before");

        var told = (await stream.NextAsync(TestContext.Current.CancellationToken))!.Value.Events;
        Assert.Equal(
            [
                (EventType.WorkerSeen, "waits"), (EventType.WorkerSeen, "late"), (EventType.WorkerSilent, "before"),
                (EventType.WorkerSeen, "before"),
            ],
            told.Select(static each => (each.Record.Type, each.Record.WorkerId)));
    }

    [Fact]
    public void Registry_OverItsBound_ForgetsTheLongestUnseen()
    {
        for (var i = 0; i < Limits.WorkersRememberedMax; i++)
        {
            _workers.Saw($"w{i}");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var first = _workers.Saw("w0");
        _workers.Saw("one more");
        var known = _workers.All.Select(static worker => worker.Id).ToHashSet();
        Assert.InRange(known.Count, Limits.WorkersRememberedMax / 2, Limits.WorkersRememberedMax);
        Assert.Contains(first.Id, known);
        Assert.DoesNotContain("w1", known);
    }
}
