using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Stores new tasks, all or none.</summary>
internal sealed class SubmitOperation(Submission submission) : PostgresOperation<SubmitOutcome>
{
    private int _first;
    private SubmitOperation? _sameKey;

    public Submission Submission => submission;

    /// <summary>Why the lanes that it needs were not made; <see cref="SubmitStatus.Stored"/> when all are there.</summary>
    public SubmitStatus Lanes { get; set; }

    public override void Ask(PostgresQuestions questions)
    {
        _sameKey = null;
        if (submission.Key is { } key) questions.Keys.Add(key.Text);
        foreach (var task in submission.Tasks)
        {
            if (task.Group is { } group) questions.Groups.Add(group.Value);
        }
    }

    public override void Decide(PostgresUnit unit)
    {
        if (submission.Key is { } key && IsKnown(unit, key)) return;
        if (submission.Tasks.Any(task => task.Group is { } group && !unit.Groups.Contains(group.Value)))
        {
            Outcome = Nothing(SubmitStatus.GroupNotFound);
            return;
        }

        // No module is stored here, so that nobody can name one.
        if (submission.Tasks.Any(static task => task.Module is not null || task.Run is not null))
        {
            Outcome = Nothing(submission.Tasks.Any(static task => task.Module is not null) ? SubmitStatus.ModuleNotFound : SubmitStatus.RunWithoutModule);
            return;
        }

        if (Lanes != SubmitStatus.Stored)
        {
            Outcome = Nothing(Lanes);
            return;
        }

        var keyed = submission.Key is not null && submission.Tasks.Count > 0;
        if (keyed) unit.KeysTaken.Add(submission.Key!.Text, this);
        _first = unit.Inserts.Count;
        unit.Inserts.Begin(keyed ? submission.Key : null);
        foreach (var task in submission.Tasks) unit.Insert(task, unit.Lanes.Find(task.Queue, task.Requires) ?? throw new PostgresLaneUnknown(), keyed, submission.Owner);
        Outcome = new(SubmitStatus.Stored, []);
    }

    public override void Finish(PostgresUnit unit)
    {
        if (Outcome.Status == SubmitStatus.Stored) Outcome = Outcome with { Ids = unit.Inserts.Ids.GetRange(_first, submission.Tasks.Count) };
        if (_sameKey is not null) Outcome = Outcome with { Ids = _sameKey.Outcome.Ids };
    }

    /// <summary>True when the key was used before, by a stored submission or by one of this very transaction.</summary>
    private bool IsKnown(PostgresUnit unit, IdempotencyKey key)
    {
        if (unit.Keys.TryGetValue(key.Text, out var known))
        {
            Outcome = key.Fingerprint.Span.SequenceEqual(known.Fingerprint)
                ? new(SubmitStatus.Repeated, [.. known.Tasks.Select(static id => new TaskId(id))])
                : Nothing(SubmitStatus.KeyMismatch);
            return true;
        }

        if (!unit.KeysTaken.TryGetValue(key.Text, out var earlier)) return false;
        var same = key.Fingerprint.Span.SequenceEqual(earlier.Submission.Key!.Fingerprint.Span);
        _sameKey = same ? earlier : null;
        Outcome = Nothing(same ? SubmitStatus.Repeated : SubmitStatus.KeyMismatch);
        return true;
    }

    private static SubmitOutcome Nothing(SubmitStatus status) => new(status, []);
}
