using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// What a store must do, told as simply as it can be: the pure state machine over dictionaries.
/// It takes from the engine only what is random there: the tokens.
/// </summary>
internal sealed class ModelStore(TaskLife life, TimeSpan leaseTimeDefault, OwnerLoad ownerMax)
{
    private readonly Dictionary<string, (byte[] Fingerprint, TaskId[] Ids)> _keys = new(StringComparer.Ordinal);
    private long _taskLast;

    public SortedDictionary<long, ModelTask> Tasks { get; } = [];
    public List<(string? Name, DateTimeOffset CreatedAt)> Groups { get; } = [];
    public HashSet<string> PausedQueues { get; } = new(StringComparer.Ordinal);

    /// <summary>Every task that finished, once for each time.</summary>
    public List<TaskId> Finished { get; } = [];

    public DateTimeOffset Now { get; set; }

    public int Step { get; set; }

    public long TaskLast => _taskLast;

    public SubmitOutcome Submit(Submission submission)
    {
        if (submission.Key is { } key && _keys.TryGetValue(key.Text, out var known))
        {
            return key.Fingerprint.Span.SequenceEqual(known.Fingerprint) ? new(SubmitStatus.Repeated, known.Ids)
                : new(SubmitStatus.KeyMismatch, []);
        }

        if (submission.Tasks.Any(task => task.Group is { } group && group.Value > Groups.Count))
            return new(SubmitStatus.GroupNotFound, []);
        if (submission.Owner is { } owner)
        {
            var load = LoadOf(owner) + OwnerLoad.Of(submission.Tasks);
            if (!load.FitsIn(ownerMax)) return new(SubmitStatus.OwnerFull, []);
            if (!load.IsStorableIn(ownerMax)) return new(SubmitStatus.OwnerStoreFull, []);
        }

        var ids = submission.Tasks.Select(task => Insert(task, submission.Owner)).ToArray();
        if (submission.Key is { } used) _keys.Add(used.Text, (used.Fingerprint.ToArray(), ids));
        return new(SubmitStatus.Stored, ids);
    }

    /// <summary>The tasks that a claim must give, in order.</summary>
    public ModelTask[] Claimable(ClaimRequest request) =>
    [
        .. Tasks.Values.Where(task => task.Record.State == TaskState.Ready && !(task.Record.ExpiresAt <= Now)
                && request.Queues.Contains(task.Record.Queue) && !PausedQueues.Contains(task.Record.Queue)
                && task.Record.Requires.AreMetBy(request.Capabilities))
            .OrderByDescending(static task => task.Record.Priority).ThenBy(static task => task.Record.Id.Value)
            .Take(request.Max),
    ];

    public Refusal Apply(TaskId id, TaskCommand command)
    {
        if (!Tasks.TryGetValue(id.Value, out var task)) return Refusal.NotFound;
        var decision = life.Decide(task.Record, command, Now);
        if (decision.Refusal == Refusal.AlreadyCompleted)
        {
            return ((TaskCommand.Complete)command).Result.Span.SequenceEqual(task.Result!.Value.Span) ? Refusal.None
                : Refusal.AlreadyFinished;
        }

        if (decision.Next is not { } next) return decision.Refusal;
        if (next.State.IsFinal)
        {
            Finished.Add(id);
            task.FinishedAtStep = Step;
        }

        if (AttemptHistory.Ended(task.Record, next, command, Now) is { } ended) task.Attempts[ended.Attempt] = ended;
        if (AttemptHistory.GoesOn(task.Record, command)) task.Attempts.Remove(next.Attempt);
        if (command is TaskCommand.Claim claim) task.Tokens.Add(claim.Token);
        if (command is TaskCommand.Complete complete) task.Result = complete.Result;
        if (command is TaskCommand.Heartbeat { Checkpoint: { } checkpoint }) task.Checkpoint = checkpoint;
        task.Record = next;
        return Refusal.None;
    }

    /// <summary>Applies a command to every task of a selection; answers how many.</summary>
    public int ApplyToAll(Func<TaskRecord, bool> selected, TaskCommand command)
    {
        var ids =
            Tasks.Values.Select(static task => task.Record).Where(selected).Select(static task => task.Id).ToArray();
        foreach (var id in ids) Assert.Equal(Refusal.None, Apply(id, command));
        return ids.Length;
    }

    public int DeleteFinished(TimeSpan age)
    {
        // What belongs to a group with unfinished tasks is kept ten times as long.
        var unfinished = Tasks.Values.Where(static task => !task.Record.State.IsFinal)
            .Select(static task => task.Record.Group).ToHashSet();
        var old = Tasks.Values.Select(static task => task.Record)
            .Where(task => task.FinishedAt <= Now - age
                && (task.Group is null || !unfinished.Contains(task.Group)
                    || task.FinishedAt <= Now - Limits.RetentionTimesInGroup * age))
            .Select(static task => task.Id).ToArray();
        foreach (var id in old) Tasks.Remove(id.Value);
        // A key lives as long as any of its tasks.
        foreach (var (key, _) in _keys.Where(pair => !pair.Value.Ids.Any(id => Tasks.ContainsKey(id.Value))).ToArray())
            _keys.Remove(key);

        return old.Length;
    }

    public StateCounts Count(Func<TaskRecord, bool> selected)
    {
        var counts = new long[TaskStates.Count];
        foreach (var task in Tasks.Values.Select(static task => task.Record).Where(selected)) counts[(int)task.State]++;
        return new StateCounts(counts);
    }

    private OwnerLoad LoadOf(TokenId owner)
    {
        var all = Tasks.Values.Where(task => task.Owner == owner).ToArray();
        var unfinished = all.Where(static task => !task.Record.State.IsFinal).ToArray();
        return new(unfinished.Length, unfinished.Sum(static task => task.Payload.Bytes.Length),
            all.Sum(static task => OwnerLoad.StoredBytesOf(task.Payload.Bytes.Length, task.Result?.Length ?? 0) +
                task.KeptBytes));
    }

    private TaskId Insert(NewTask task, TokenId? owner)
    {
        var id = new TaskId(++_taskLast);
        Tasks.Add(id.Value, new(TaskLife.Create(task, id, leaseTimeDefault, Now), task.Payload, owner));
        return id;
    }
}
