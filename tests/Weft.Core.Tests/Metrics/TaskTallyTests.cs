using System.Diagnostics.Metrics;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Tasks;
using static Weft.Core.Tests.Tasks.TaskStages;

namespace Weft.Core.Tests.Metrics;

public sealed class TaskTallyTests
{
    private static readonly TaskCommand.Fail Fail = new(Current, "broken", MayRetry: true, Jitter: 0);

    [Fact]
    public void EachCommand_IsCountedAsWhatItDid()
    {
        Counts(TaskEvents.Claimed, "ready", new TaskCommand.Claim(Stale, "w"));
        Counts(TaskEvents.Completed, "leased", new TaskCommand.Complete(Current, default));
        Counts(TaskEvents.Released, "leased", new TaskCommand.Release(Current));
        Counts(TaskEvents.Heartbeat, "leased", new TaskCommand.Heartbeat(Current));
        Counts(TaskEvents.Cancelled, "leased", TaskCommand.Cancel.Instance);
        Counts(TaskEvents.Retried, "dead", TaskCommand.Retry.Instance);
        Counts(TaskEvents.None, "scheduled", TaskCommand.Tick.Instance, After(LeaseTime));
    }

    [Fact]
    public void AFailure_IsOneOfTheAttempt_AndOfTheTaskWithTheLastOne()
    {
        Counts(TaskEvents.Failed, "leased", Fail);
        Counts(TaskEvents.Failed | TaskEvents.DeadByAttempts, "leased", Fail, task: Plain with { MaxAttempts = 1 });
        Counts(TaskEvents.FailedFatally | TaskEvents.DeadByFatalFailure, "leased", Fail with { MayRetry = false });
        Counts(TaskEvents.Lapsed, "leased", TaskCommand.Tick.Instance, After(LeaseTime));
        Counts(
            TaskEvents.Lapsed | TaskEvents.DeadByAttempts, "leased", TaskCommand.Tick.Instance, After(LeaseTime),
            Plain with { MaxAttempts = 1 });
    }

    [Fact]
    public void AFailure_ReportedAfterTheLeaseHadLapsed_IsNotCountedTwice()
    {
        Counts(TaskEvents.None, "lapsed", Fail);
        Counts(TaskEvents.DeadByFatalFailure, "lapsed", Fail with { MayRetry = false });
    }

    [Fact]
    public void ATaskPastItsExpiry_DiesOfThat_WhoeverHadIt()
    {
        var task = Plain with { ExpiresIn = TimeSpan.FromMinutes(1) };
        Counts(TaskEvents.DeadByExpiry, "ready", TaskCommand.Tick.Instance, After(TimeSpan.FromMinutes(1)), task);
        Counts(TaskEvents.DeadByExpiry, "leased", TaskCommand.Tick.Instance, After(TimeSpan.FromMinutes(1)), task);
    }

    [Fact]
    public void QueuesBeyondTheFirst_ShareTheirNumbers()
    {
        using var meter = new Meter(nameof(QueuesBeyondTheFirst_ShareTheirNumbers));
        var tasks = new TaskMeter(meter, queuesMax: 2);
        Submit(tasks, "a", "b", "c", "d", "a", "c");
        Assert.Equal([("_other", 3), ("a", 2), ("b", 1)], Read(meter, "weft.tasks.submitted", "queue").Order());
    }

    [Fact]
    public void AQueueWithTheNameOfTheOthers_IsOneOfThem()
    {
        using var meter = new Meter(nameof(AQueueWithTheNameOfTheOthers_IsOneOfThem));
        Submit(new(meter), "_other");
        Assert.Equal([("_other", 1)], Read(meter, "weft.tasks.submitted", "queue"));
    }

    [Fact]
    public void WhatIsForgotten_IsNeverCounted()
    {
        using var meter = new Meter(nameof(WhatIsForgotten_IsNeverCounted));
        var pending = Pending(new(meter), "a");
        pending.AddRefused(Refusal.StaleLease);
        pending.Forget();
        pending.Keep();
        Assert.Equal([("_other", 0)], Read(meter, "weft.tasks.submitted", "queue"));
        Assert.Equal(0, Read(meter, "weft.settles.refused", "code").Sum(static count => count.Count));
    }

    private static void Submit(TaskMeter tasks, params string[] queues)
    {
        Pending(tasks, queues).Keep();
    }

    private static PendingTally Pending(TaskMeter tasks, params string[] queues)
    {
        var pending = new PendingTally(tasks, new EventLog(TimeProvider.System));
        pending.BeginSubmitted(new TaskId[queues.Length], Start);
        foreach (var queue in queues) pending.AddSubmitted(At("ready", Plain with { Queue = queue }));
        return pending;
    }

    private static void Counts(
        TaskEvents expected, string stage, TaskCommand command, DateTimeOffset? now = null, NewTask? task = null)
    {
        var before = At(stage, task);
        var at = now ?? Start;
        Assert.Equal(expected, TaskEventsOf.Decision(before, command, before.After(command, at)));
    }

    private static DateTimeOffset After(TimeSpan time) => Start + time;

    private static List<(string Label, long Count)> Read(Meter meter, string name, string label)
    {
        var counts = new List<(string, long)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, reader) =>
        {
            if (instrument.Meter == meter && instrument.Name == name) reader.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, labels, _) =>
            counts.Add(((string)labels.ToArray().Single(known => known.Key == label).Value!, count)));
        listener.Start();
        listener.RecordObservableInstruments();
        return counts;
    }
}
