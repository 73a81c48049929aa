using Weft.Core.Metrics;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Stores new tasks, all or none.</summary>
internal sealed class SubmitOperation(Submission submission) : StoreOperation<SubmitOutcome>
{
    private FileSetLook? _files;

    public Submission Submission => submission;

    /// <summary>The tasks with their modules' requirements; null before that is resolved.</summary>
    public IReadOnlyList<NewTask>? Resolved { get; private set; }

    /// <summary>
    /// Why its lanes were not created; null: they were, or that wasn't tried yet. For an engine that creates them
    /// before.
    /// </summary>
    public SubmitStatus? LanesRefused { get; set; }

    public override StoreVerb Verb => StoreVerb.Submit;

    public override int Rows => submission.Tasks.Count;

    // A caller with many tasks has a long response to write.
    public override bool IsShort => Outcome.Ids.Count <= 1;

    public override void Plan(ReadPlan plan)
    {
        if (submission.Key is { } key) plan.Keys.Add(key.Text);
        if (submission.Owner is { } owner)
        {
            plan.Owners[owner.Value] = plan.Owners.GetValueOrDefault(owner.Value) + OwnerLoad.Of(submission.Tasks);
        }

        foreach (var task in submission.Tasks)
        {
            if (task.Group is { } group) plan.Groups.Add(group.Value);
            plan.AddModule(task, submission.ModulesOf);
            plan.NamesFiles |= task.Files is not null;
        }
    }

    public override void Look(IStatements statements)
    {
        _files = submission.Tasks.Any(static task => task.Files is not null)
            ? new(submission.Tasks.Select(static task => task.Files).OfType<FileSet>(), submission.ModulesOf)
            : null;
        _files?.Query(statements);
    }

    public override void Decide(WriteTransaction transaction)
    {
        if (submission.Key is { } key && transaction.FindKey(key.Text) is { } known)
        {
            Outcome = key.Fingerprint.Span.SequenceEqual(known.Fingerprint.Span)
                ? new(SubmitStatus.Repeated, known.Tasks)
                : new(SubmitStatus.KeyMismatch, []);
            return;
        }

        var tasks = submission.Tasks;
        if (FindRefusal(transaction, ref tasks) is { } refused)
        {
            Outcome = new(refused, []);
            return;
        }

        _files?.Store(transaction);
        Outcome = new(SubmitStatus.Stored, transaction.Insert(submission, tasks));
    }

    private SubmitStatus? FindRefusal(WriteTransaction transaction, ref IReadOnlyList<NewTask> tasks)
    {
        if (FindGroupRefusal(transaction) is { } closed) return closed;
        if (ResolveModules.Run(transaction.Modules, submission.ModulesOf, ref tasks) is { } unresolved)
        {
            return unresolved;
        }

        _files?.Decide();
        if (_files?.Refusal is { } lacking) return lacking;

        // The lanes were refused before modules changed these tasks' requirements.
        if (Resolved is null && submission.Tasks != tasks) LanesRefused = null;
        Resolved = tasks;
        if (transaction.PrepareLanes(this, tasks) is { } crowded) return crowded;
        if (submission.Owner is not { } owner) return null;
        var load = transaction.LoadOf(owner) + OwnerLoad.Of(tasks);
        if (!load.FitsIn(transaction.OwnerMax)) return SubmitStatus.OwnerFull;
        return load.IsStorableIn(transaction.OwnerMax) ? null : SubmitStatus.OwnerStoreFull;
    }

    private SubmitStatus? FindGroupRefusal(WriteTransaction transaction)
    {
        GroupId? checkedLast = null;
        foreach (var task in submission.Tasks)
        {
            if (task.Group is not { } group || group == checkedLast) continue;
            if (transaction.IsSealed(group) is not { } isSealed) return SubmitStatus.GroupNotFound;
            if (isSealed) return SubmitStatus.GroupSealed;
            checkedLast = group;
        }

        return null;
    }
}
