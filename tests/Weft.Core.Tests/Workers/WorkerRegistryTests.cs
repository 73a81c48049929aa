using Microsoft.Extensions.Time.Testing;
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
