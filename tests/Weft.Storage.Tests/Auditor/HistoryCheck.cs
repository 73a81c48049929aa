using Weft.Core.Storage;
using Weft.Core.Tasks;
using static Weft.Storage.Tests.Auditor.HistoryEntry;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// The invariants that hold of any history, whatever order the store chose for calls that overlapped.
/// </summary>
internal sealed class HistoryCheck(IReadOnlyCollection<HistoryEntry> history, IReadOnlyList<StoredTask> stored)
{
    private readonly Submitted[] _submits = [.. history.OfType<Submitted>()];
    private readonly ILookup<TaskId,
        Claimed> _claims = history.OfType<Claimed>().ToLookup(static claim => claim.Task.Task.Id);
    private readonly ILookup<TaskId,
        Applied> _accepted = history.OfType<Applied>().Where(static change => change.Outcome == Refusal.None)
            .ToLookup(static change => change.Change.Id);
    private readonly ILookup<TaskId, Read> _reads = history.OfType<Read>().ToLookup(static read => read.Task.Task.Id);

    public async Task AssertInvariantsAsync(ITaskStore store)
    {
        AssertSubmits();
        AssertKeys();
        foreach (var task in stored)
        {
            AssertResult(task);
            AssertLeases(task.Task.Id);
            AssertFinality(task.Task.Id);
        }

        var counts =
            (await store.CountAsync()).Aggregate(default(StateCounts), static (sum, queue) => sum + queue.Counts);
        var rows = new long[TaskStates.Count];
        foreach (var task in stored) rows[(int)task.Task.State]++;
        Assert.Equal(new StateCounts(rows), counts);
        AssertNotVacuous();
    }

    /// <summary>I1 and I2: what was acknowledged is there as it was said, and nothing else is.</summary>
    private void AssertSubmits()
    {
        var said = _submits.Where(static submit => submit.Outcome.Status == SubmitStatus.Stored)
            .SelectMany(static submit => submit.Outcome.Ids.Zip(submit.Submission.Tasks))
            .OrderBy(static pair => pair.First.Value)
            .Select(static pair => (pair.First, Text(pair.Second.Payload.Bytes)));
        Assert.Equal(said, stored.Select(static task => (task.Task.Id, Text(task.Payload!.Value.Bytes))));
    }

    /// <summary>I3: one submission per key; all answers agree.</summary>
    private void AssertKeys()
    {
        foreach (var same in _submits.Where(static submit => submit.Submission.Key is not null)
            .GroupBy(static submit => submit.Submission.Key!.Text))
        {
            var first = Assert.Single(same, static submit => submit.Outcome.Status == SubmitStatus.Stored);
            var fingerprint = first.Submission.Key!.Fingerprint;
            foreach (var submit in same.Where(submit => submit != first))
            {
                var agrees = submit.Submission.Key!.Fingerprint.Span.SequenceEqual(fingerprint.Span);
                Assert.Equal(agrees ? SubmitStatus.Repeated : SubmitStatus.KeyMismatch, submit.Outcome.Status);
                Assert.Equal(agrees ? first.Outcome.Ids : [], submit.Outcome.Ids);
                Assert.True(first.Start < submit.End);
            }
        }
    }

    /// <summary>
    /// I4, I5 and I8: one result, that of the one accepted complete; its claim was the newest; what was refused left no
    /// trace.
    /// </summary>
    private void AssertResult(StoredTask task)
    {
        var completes =
            _accepted[task.Task.Id].Where(static change => change.Change.Command is TaskCommand.Complete).ToArray();
        Assert.Equal(task.Task.State == TaskState.Completed ? 1 : 0, completes.Length);
        Assert.All(
            _reads[task.Task.Id].Where(static read => read.Task.Result is not null),
            read => Assert.Equal(Text(task.Result!.Value), Text(read.Task.Result!.Value)));
        if (completes.Length == 0) return;

        var complete = (TaskCommand.Complete)completes[0].Change.Command;
        Assert.Equal(Text(complete.Result), Text(task.Result!.Value));
        Assert.DoesNotContain(_claims[task.Task.Id], claim => claim.Start > completes[0].End);
        if (complete.Token is not { } token) return;
        var claim = Assert.Single(_claims[task.Task.Id], claim => claim.Task.Task.Lease!.Token == token);
        Assert.Equal(_claims[task.Task.Id].Max(static claim => claim.Task.Task.Attempt), claim.Task.Task.Attempt);
    }

    /// <summary>
    /// I6: attempts ascend one by one in the order of the calls, and a lease begins only where the one before has
    /// ended.
    /// </summary>
    private void AssertLeases(TaskId id)
    {
        var claims = _claims[id].OrderBy(static claim => claim.Task.Task.Attempt).ToArray();
        Assert.Equal(Enumerable.Range(1, claims.Length), claims.Select(static claim => claim.Task.Task.Attempt));
        foreach (var (older, newer) in claims.Zip(claims.Skip(1)))
        {
            Assert.True(older.Start < newer.End);
            var (lease, next) = (older.Task.Task.Lease!, newer.Task.Task.Lease!);
            var said = _accepted[id].Where(change => TokenOf(change.Change.Command) == lease.Token).ToArray();
            if (said.Any(static change => change.Change.Command is TaskCommand.Fail or TaskCommand.Release)) continue;
            Assert.True(next.ClaimedAt >= lease.ExpiresAt);
            // A heartbeat was accepted while this lease was the newest one, so that it held the next claim off.
            Assert.All(said,
                change =>
                    Assert.True(change.Change.Command is not TaskCommand.Heartbeat
                        || next.ClaimedAt >= change.NotBefore + older.Task.Task.LeaseTime));
        }
    }

    /// <summary>
    /// I7: who has seen a task completed or cancelled never sees it otherwise, nor a dead one unless it was retried.
    /// </summary>
    private void AssertFinality(TaskId id)
    {
        var retried = _accepted[id].Any(static change => change.Change.Command is TaskCommand.Retry);
        foreach (var earlier in _reads[id]
            .Where(read => read.Task.Task.State.IsFinal && !(retried && read.Task.Task.State == TaskState.Dead)))
        {
            var state = earlier.Task.Task.State;
            Assert.All(_reads[id].Where(later => later.Start > earlier.End),
                later => Assert.Equal(state, later.Task.Task.State));
            Assert.Equal(state, stored.Single(task => task.Task.Id == id).Task.State);
        }
    }

    /// <summary>I12: enough happened for the rest to mean something.</summary>
    private void AssertNotVacuous()
    {
        Assert.True(stored.Count > 50);
        Assert.Contains(stored, static task => task.Task.State == TaskState.Completed);
        Assert.Contains(_claims, static claims => claims.Count() > 1);
        Assert.Contains(history.OfType<Applied>(), static change => change.Outcome == Refusal.StaleLease);
        Assert.Contains(_submits, static submit => submit.Outcome.Status == SubmitStatus.Repeated);
    }

    private static LeaseToken? TokenOf(TaskCommand command) => command switch
    {
        TaskCommand.Complete complete => complete.Token,
        TaskCommand.Fail fail => fail.Token,
        TaskCommand.Release release => release.Token,
        TaskCommand.Heartbeat heartbeat => heartbeat.Token,
        _ => null,
    };

    private static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
