using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres.Verbs;

/// <summary>Stores new tasks, all or none.</summary>
internal sealed class SubmitOperation(Submission submission, PostgresLanes lanes) : PostgresOperation<SubmitOutcome>
{
    private int _first;
    private SubmitOperation? _sameKey;
    private IReadOnlyList<NewTask>? _resolved;

    public Submission Submission => submission;

    public override int Rows => submission.Tasks.Count;

    /// <summary>Why the lanes that it needs were not made; <see cref="SubmitStatus.Stored"/> when all are there.</summary>
    public SubmitStatus Lanes { get; set; }

    /// <summary>The tasks whose lanes it needs, as far as that is known: a module may ask for another lane than the task alone.</summary>
    public IEnumerable<NewTask> LanesNeeded() =>
        _resolved ?? (lanes.QueuesHaveModules ? [] : submission.Tasks.Where(static task => task.Module is null));

    public override void Ask(PostgresQuestions questions)
    {
        _sameKey = null;
        var asksQueues = lanes.QueuesHaveModules;
        if (submission.Key is { } key) questions.Keys.Add(key.Text);
        if (submission.Owner is { } owner) questions.Owners[owner.Value] = questions.Owners.GetValueOrDefault(owner.Value) + OwnerLoad.Of(submission.Tasks);
        foreach (var task in submission.Tasks)
        {
            if (task.Group is { } group) questions.Groups.Add(group.Value);
            if (task.Module is { } module) questions.Modules.Add(module.ToString());
            else if (asksQueues) questions.ModulesOfQueues.Add(task.Queue);
            else questions.AsksNoQueues = true;
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

        if (Resolve(unit) is { } refused)
        {
            Outcome = Nothing(refused);
            return;
        }

        if (FindLanes(unit) is not { } found) return;
        if (submission.Owner is { } owner && !(unit.Owners.Of(owner) + OwnerLoad.Of(submission.Tasks)).FitsIn(unit.OwnerMax))
        {
            Outcome = Nothing(SubmitStatus.OwnerFull);
            return;
        }

        var keyed = submission.Key is not null && submission.Tasks.Count > 0;
        if (keyed) unit.KeysTaken.Add(submission.Key!.Text, this);
        _first = unit.Inserts.Count;
        unit.Inserts.Begin(keyed ? submission.Key : null);
        for (var i = 0; i < found.Length; i++) unit.Insert(_resolved![i], found[i], keyed, submission.Owner);
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
            unit.MustVouch = true;
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

    /// <summary>Finds what the tasks run, which decides about their lanes; null, or why nothing may be stored.</summary>
    private SubmitStatus? Resolve(PostgresUnit unit)
    {
        var tasks = submission.Tasks;
        if (ResolveModules.Run(unit.Modules, ref tasks) is { } refused) return refused;
        // What was said about the lanes was said about others.
        if (_resolved is null && !ReferenceEquals(tasks, submission.Tasks)) Lanes = SubmitStatus.Stored;
        _resolved = tasks;
        return null;
    }

    /// <summary>The lane of each task; null when one isn't there: it can be made, or that was refused.</summary>
    private PostgresLane[]? FindLanes(PostgresUnit unit)
    {
        var found = new PostgresLane[_resolved!.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (lanes.Find(_resolved[i].Queue, _resolved[i].Requires) is not { } lane)
            {
                if (Lanes == SubmitStatus.Stored) unit.LacksLanes = true;
                else Outcome = Nothing(Lanes);
                return null;
            }

            found[i] = lane;
        }

        return found;
    }

    private static SubmitOutcome Nothing(SubmitStatus status) => new(status, []);
}
