using Microsoft.Extensions.Time.Testing;
using Weft.Core.Events;
using Weft.Core.Tasks;

namespace Weft.Core.Tests.Events;

/// <summary>After any gap a stream has every event, or says that it hasn't.</summary>
public sealed class EventStreamTests
{
    private static readonly EventFilter All = new();

    private readonly FakeTimeProvider _time = new();
    private readonly EventLog _log;

    public EventStreamTests() => _log = new(_time);

    [Fact]
    public async Task AStream_HasWhatHappensAfterItBegan_InOrder()
    {
        Add(1);
        using var stream = Open();
        Add(2, 3);
        Add(4);
        Assert.Equal([2, 3, 4], Tasks(await NextAsync(stream)));
    }

    [Fact]
    public async Task WhoComesBack_GoesOnWhereItWas()
    {
        EventPlace last;
        using (var first = Open())
        {
            Add(1, 2, 3);
            last = (await NextAsync(first))!.Value.Events[1].Id;
        }

        Add(4);
        using var second = Open(after: last.ToString());
        Assert.Equal([3, 4], Tasks(await NextAsync(second)));
    }

    [Theory]
    [InlineData("0a0b0c0d-1")]
    [InlineData("zebra")]
    [InlineData("-1")]
    [InlineData("")]
    public async Task APlaceThatIsNotOfThisRun_IsAReset(string after)
    {
        using var stream = Open(after: after);
        var batch = (await NextAsync(stream))!.Value;
        Assert.Equal(("gap", 0), (batch.Reset, batch.Events.Count));
        Add(1);
        Assert.Equal([1], Tasks(await NextAsync(stream)));
    }

    [Fact]
    public async Task APlaceThatIsStillToCome_IsAReset()
    {
        using var stream = Open(after: $"{_log.Epoch}-5");
        Assert.Equal("gap", (await NextAsync(stream))!.Value.Reset);
    }

    [Fact]
    public async Task WhoIsSlowerThanTheLogIsLong_HasAReset_AndGoesOnFromThen()
    {
        using var slow = Open(new EventFilter { Queue = "q" });
        Add([.. Enumerable.Range(1, Limits.EventsKeptMax + 1).Select(static id => (long)id)]);
        Assert.Equal("gap", (await NextAsync(slow))!.Value.Reset);
        Add(7);
        Assert.Equal([7], Tasks(await NextAsync(slow)));
    }

    [Fact]
    public async Task WhoIsJustAsFastAsTheLogIsLong_HasAll()
    {
        using var stream = Open(new EventFilter { Queue = "q" });
        Add([.. Enumerable.Range(1, Limits.EventsKeptMax).Select(static id => (long)id)]);
        var seen = new List<long>();
        while (seen.Count < Limits.EventsKeptMax)
        {
            var batch = (await NextAsync(stream))!.Value;
            Assert.Null(batch.Reset);
            seen.AddRange(Tasks(batch));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(1, Limits.EventsKeptMax).Select(static id => (long)id), seen);
    }

    [Fact]
    public async Task ACommitOfUnknownOutcome_IsAResetForAll()
    {
        using var first = Open();
        using var second = Open();
        Add(1);
        Assert.Equal([1], Tasks(await NextAsync(first)));
        var waiting = BeginNext(first);
        _log.Break();
        Add(2);
        Assert.Equal("gap", (await EndAsync(waiting))!.Value.Reset);
        Assert.Equal("gap", (await NextAsync(second))!.Value.Reset);
        Add(3);
        Assert.Equal([3], Tasks(await NextAsync(first)).Where(static id => id == 3));
    }

    [Fact]
    public async Task TooManyEventsASecond_AreLeftOut_WithAReset()
    {
        using var stream = Open();
        Add([.. Enumerable.Range(1, Limits.EventsPerSecondMax + 1).Select(static id => (long)id)]);
        var seen = 0;
        EventBatch batch;
        for (batch = (await NextAsync(stream))!.Value; batch.Reset is null; batch = (await NextAsync(stream))!.Value)
        {
            seen += batch.Events.Count;
        }

        Assert.Equal("rate", batch.Reset);
        Assert.InRange(seen, 1, Limits.EventsPerSecondMax);
        Add(7);
        Assert.Equal([7], Tasks(await NextAsync(stream)));
    }

    [Fact]
    public async Task WhereNothingHappens_ThereArePings_WithThePlace()
    {
        using var stream = Open(new EventFilter { Queue = "other" });
        Add(1, 2);
        var ping = (await NextAsync(stream))!.Value;
        Assert.Equal((0, null), (ping.Events.Count, ping.Reset));
        Assert.Equal($"{_log.Epoch}-2", ping.Last.ToString());
    }

    [Fact]
    public async Task AfterFiveMinutesWithoutFollowers_NothingIsKept_AndWhoComesBackIsToldSo()
    {
        Assert.False(_log.IsOn);
        EventPlace last;
        using (var first = Open())
        {
            Add(1);
            last = (await NextAsync(first))!.Value.Last;
        }

        Assert.True(_log.IsOn);
        _time.Advance(Limits.EventsKeptTime + TimeSpan.FromSeconds(1));
        Add(2);
        Assert.False(_log.IsOn);
        using var second = Open(after: last.ToString());
        Assert.Equal("gap", (await NextAsync(second))!.Value.Reset);
    }

    [Fact]
    public async Task AStream_EndsByItself_AndWhenTheLogCloses()
    {
        using var first = Open();
        _time.Advance(Limits.EventStreamTimeMax);
        Assert.Null(await NextAsync(first));
        using var second = Open();
        var waiting = BeginNext(second);
        _log.Close();
        Assert.Null(await EndAsync(waiting));
    }

    [Fact]
    public void ThereAreSoManyStreams_AndNoMore()
    {
        var streams = Enumerable.Range(0, Limits.EventStreamsMax).Select(_ => Open()).ToList();
        Assert.Null(EventStream.Open(_log, All, null, Limits.EventStreamTimeMax, _time));
        streams[0].Dispose();
        Open().Dispose();
        Assert.Equal(Limits.EventStreamsMax - 1, _log.Readers);
    }

    [Fact]
    public void AFilter_LetsThroughWhatFitsAllOfIt()
    {
        var record = new EventRecord(EventType.TaskCompleted, default)
        {
            Task = new(1), Queue = "q", TaskType = "t", Group = new(2),
        };
        Assert.True(new EventFilter { Queue = "q", Group = new(2), Task = new(1), TaskType = "t" }.Fits(record));
        Assert.False(new EventFilter { Queue = "p" }.Fits(record));
        Assert.False(new EventFilter { Group = new(3) }.Fits(record));
        Assert.False(new EventFilter { Task = new(2) }.Fits(record));
        Assert.False(new EventFilter { TaskType = "u" }.Fits(record));
        Assert.False(new EventFilter { Topics = EventTopics.Queues | EventTopics.Groups }.Fits(record));
        Assert.False(new EventFilter { Group = new(2) }.Fits(record with { Group = null }));
    }

    private EventStream Open(EventFilter? filter = null, string? after = null) =>
        EventStream.Open(_log, filter ?? All, after, Limits.EventStreamTimeMax, _time)!;

    private void Add(params long[] tasks) => _log.Add(
        [.. tasks.Select(id => new EventRecord(EventType.TaskReady, default) { Task = new TaskId(id), Queue = "q" })]);

    private static IEnumerable<long> Tasks(EventBatch? batch) =>
        batch!.Value.Events.Select(static each => each.Record.Task!.Value.Value);

    private Task<EventBatch?> NextAsync(EventStream stream) => EndAsync(BeginNext(stream));

    private static Task<EventBatch?> BeginNext(EventStream stream) =>
        stream.NextAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>Time passes until there is something; before it has happened a ping might come first.</summary>
    private async Task<EventBatch?> EndAsync(Task<EventBatch?> next)
    {
        while (!next.IsCompleted)
        {
            _time.Advance(Limits.EventPause);
            await Task.Yield();
        }

        return await next;
    }
}
