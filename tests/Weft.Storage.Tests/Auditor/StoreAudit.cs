using System.Collections.Concurrent;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Tests.Conformance;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// Takes a store and the model through the same steps, and compares what they answer and what they hold.
/// </summary>
internal sealed class StoreAudit(IAuditedHost host)
{
    private const int All = 100_000;
    private const int CancelledAtOnce = 3;

    private readonly ModelStore _model = new(new(host.Retry), host.LeaseTimeDefault, IStoreHost.OwnerMax);
    private readonly ConcurrentQueue<TaskId> _finished = new();
    private ITaskStore _store = null!;

    public async Task RunAsync(IReadOnlyList<AuditStep> steps)
    {
        await OpenAsync();
        foreach (var step in steps)
        {
            _model.Now = host.Now;
            _model.Step++;
            await RunAsync(step);
            await new StoreComparison(_store, _model).AssertRecordsAsync();
        }

        await new StoreComparison(_store, _model).AssertPartsAsync();
        await _store.DisposeAsync();
        Assert.Equal(_model.Finished.OrderBy(static id => id.Value), _finished.OrderBy(static id => id.Value));
        host.AssertSound();
    }

    private async Task OpenAsync()
    {
        _store = await host.OpenAsync();
        _store.Finished += ids =>
        {
            foreach (var id in ids) _finished.Enqueue(id);
        };
    }

    private async Task RunAsync(AuditStep step)
    {
        switch (step)
        {
            case AuditStep.Submit { Submission: var submission }:
                var outcome = await _store.SubmitAsync(submission);
                var expected = _model.Submit(submission);
                Assert.Equal(expected.Status, outcome.Status);
                Assert.Equal(expected.Ids, outcome.Ids);
                break;
            case AuditStep.CreateGroup { Name: var name }:
                _model.Groups.Add((name, _model.Now));
                Assert.Equal(new GroupId(_model.Groups.Count), await _store.CreateGroupAsync(name));
                break;
            case AuditStep.Claim { Request: var request }:
                var claimable = _model.Claimable(request);
                await AssertClaimedAsync(request, claimable, await _store.ClaimAsync(request));
                break;
            case AuditStep.Apply { Changes: var choices }:
                await ApplyAsync(choices);
                break;
            case AuditStep.Settle { Changes.Changes: var choices, Next.Request: var request }:
                await SettleAsync(choices, request);
                break;
            case AuditStep.CancelWaiting { Queue: var queue }:
                Assert.Equal(
                    _model.ApplyToAll(task => task.Queue == queue
                        && task.State is (TaskState.Scheduled or TaskState.Ready), TaskCommand.Cancel.Instance),
                    await CancelAsync(CancelSelection.WaitingIn(queue)));
                break;
            case AuditStep.CancelGroup { Group: var group }:
                Assert.Equal(
                    _model.ApplyToAll(task => task.Group == group && !task.State.IsFinal, TaskCommand.Cancel.Instance),
                    await CancelAsync(CancelSelection.Of(group)));
                break;
            case AuditStep.Pause { Queue: var queue, Paused: var paused }:
                _ = paused ? _model.PausedQueues.Add(queue) : _model.PausedQueues.Remove(queue);
                await _store.SetPausedAsync(queue, paused);
                break;
            case AuditStep.Advance { Time: var time }:
                await host.AdvanceAsync(time);
                break;
            case AuditStep.Sweep:
                Assert.Equal(_model.ApplyToAll(task => task.DueAt <= _model.Now, TaskCommand.Tick.Instance),
                    await _store.SweepAsync(All));
                break;
            case AuditStep.DeleteFinished { Age: var age }:
                Assert.Equal(_model.DeleteFinished(age), await _store.DeleteFinishedAsync(age, All));
                break;
            case AuditStep.Restart:
                await new StoreComparison(_store, _model).AssertPartsAsync();
                await _store.DisposeAsync();
                await OpenAsync();
                break;
            default:
                throw new InvalidOperationException($"{step} is no step.");
        }
    }

    private async Task<int> CancelAsync(CancelSelection selection)
    {
        var cancelled = 0;
        for (CancelSelection? rest = selection; rest is not null;)
        {
            (var bite, rest) = await _store.CancelAsync(rest, CancelledAtOnce);
            Assert.InRange(bite, 0, CancelledAtOnce);
            cancelled += bite;
        }

        return cancelled;
    }

    private async Task AssertClaimedAsync(ClaimRequest request, ModelTask[] expected,
        IReadOnlyList<ClaimedTask> claimed)
    {
        Assert.Equal(expected.Select(static task => task.Record.Id), claimed.Select(static task => task.Task.Id));
        foreach (var (task, given) in expected.Zip(claimed))
        {
            Assert.DoesNotContain(given.Task.Lease!.Token, task.Tokens);
            Assert.Equal(Refusal.None,
                _model.Apply(given.Task.Id,
                    new TaskCommand.Claim(given.Task.Lease.Token, request.WorkerId, request.LeaseTime)));
            Assert.Equal(task.Record with { Error = null }, given.Task);
            StoreComparison.AssertBytes(task.Payload.Bytes, given.Payload.Bytes);
            StoreComparison.AssertBytes(task.Checkpoint, given.Checkpoint);
        }

        // A claim may bury what has expired, since the sweep would do no other.
        foreach (var task in _model.Tasks.Values.Where(task => task.Record.State == TaskState.Ready
            && task.Record.ExpiresAt <= _model.Now).ToArray())
        {
            var found = await _store.FindAsync(task.Record.Id, TaskParts.Record);
            if (found?.Task.State == TaskState.Dead)
                Assert.Equal(Refusal.None, _model.Apply(task.Record.Id, TaskCommand.Tick.Instance));
        }
    }

    private async Task ApplyAsync(AuditChange[] choices)
    {
        var changes = choices.Select(Choose).ToArray();
        var expected = changes.Select(Expect).ToArray();
        Assert.Equal(expected, await _store.ApplyAsync(changes));
    }

    private async Task SettleAsync(AuditChange[] choices, ClaimRequest next)
    {
        var changes = choices.Select(Choose).ToArray();
        var expected = changes.Select(Expect).ToArray();
        var claimable = _model.Claimable(next);
        var outcome = await _store.SettleAsync(changes, next);
        Assert.Equal(expected, outcome.Changes);
        await AssertClaimedAsync(next, claimable, outcome.Claimed);
    }

    private ChangeOutcome Expect(TaskChange change)
    {
        var refusal = _model.Apply(change.Id, change.Command);
        return refusal == Refusal.None ? ChangeOutcome.Of(change.Command, _model.Tasks[change.Id.Value].Record)
            : refusal;
    }

    private TaskChange Choose(AuditChange choice)
    {
        var id = new TaskId(1 + choice.Task % (_model.TaskLast + 1));
        var tokens = _model.Tasks.TryGetValue(id.Value, out var task) ? task.Tokens : [];
        var token = choice.Token switch
        {
            AuditToken.Current when tokens.Count > 0 => tokens[^1],
            AuditToken.Older when tokens.Count > 1 => tokens[^2],
            _ => new LeaseToken(choice.Number),
        };
        return new(id, choice.Command(token));
    }
}
