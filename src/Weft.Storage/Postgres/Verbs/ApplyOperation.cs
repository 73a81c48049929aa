using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Applies commands to tasks that are known by id, and stores what comes with them; then, perhaps, claims.</summary>
internal sealed class ApplyOperation(IReadOnlyList<TaskChange> changes, ClaimRequest? next, PostgresRememberedLeases leases) : PostgresOperation<SettleOutcome>
{
    private readonly Refusal[] _refusals = new Refusal[changes.Count];
    private PostgresClaim? _claim;

    public override int Rows => changes.Count + (next?.Max ?? 0);

    public override void Ask(PostgresQuestions questions)
    {
        foreach (var change in changes)
        {
            if (change.Command is TaskCommand.Complete complete && leases.Take(change.Id, complete.Token) is { } task) questions.Remembered.Add(task);
            else questions.Tasks.Add(change.Id.Value);
        }

        if (next is not null) questions.Claims.Add(_claim = new(next));
    }

    public override void Decide(PostgresUnit unit)
    {
        for (var i = 0; i < _refusals.Length; i++) _refusals[i] = DecideOne(unit, changes[i]);
    }

    public override void Finish(PostgresUnit unit)
    {
        for (var i = 0; i < _refusals.Length; i++)
        {
            if (_refusals[i] == Refusal.AlreadyCompleted) _refusals[i] = Repeats(unit, changes[i]) ? Refusal.None : Refusal.AlreadyFinished;
        }

        Outcome = new(_refusals, _claim?.Finish(unit) ?? []);
    }

    private static Refusal DecideOne(PostgresUnit unit, TaskChange change)
    {
        if (unit.Find(change.Id) is not { } task) return Refusal.NotFound;
        if (change.Queues is { } queues && !queues.Contains(task.Record.Queue, StringComparer.Ordinal)) return Refusal.NotFound;
        var refusal = unit.Apply(task, change.Command);
        if (refusal == Refusal.AlreadyCompleted) unit.ResultsAsked.Add(change.Id.Value);
        if (refusal != Refusal.None) return refusal;
        if (change.Command is TaskCommand.Complete complete) unit.NewResults[change.Id.Value] = complete.Result;
        if (change.Command is TaskCommand.Heartbeat { Checkpoint: { } checkpoint }) unit.NewCheckpoints[change.Id.Value] = checkpoint;
        return Refusal.None;
    }

    /// <summary>The very complete that was accepted, sent again by a worker that missed the answer.</summary>
    private static bool Repeats(PostgresUnit unit, TaskChange change) =>
        unit.Results.TryGetValue(change.Id.Value, out var stored) && ((TaskCommand.Complete)change.Command).Result.Span.SequenceEqual(stored);
}
