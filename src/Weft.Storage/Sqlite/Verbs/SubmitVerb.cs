using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Stores new tasks, all or none.</summary>
internal static class SubmitVerb
{
    public static SubmitOutcome Run(SqliteUnit unit, Submission submission)
    {
        if (submission.Key is { } key && FindKey(unit, key) is { } known) return known;
        if (!GroupsExist(unit, submission)) return Nothing(SubmitStatus.GroupNotFound);
        if (!QueuesFit(unit, submission)) return Nothing(SubmitStatus.TooManyQueues);
        var tasks = submission.Tasks;
        if (ResolveModules.Run(unit.Modules, ref tasks) is { } refused) return Nothing(refused);
        if (!LanesFit(unit, tasks)) return Nothing(SubmitStatus.TooManyRequirements);
        if (!OwnerHasRoom(unit, submission)) return Nothing(SubmitStatus.OwnerFull);

        var ids = new TaskId[tasks.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = unit.NextTaskId();
            unit.Insert(tasks[i], ids[i]);
            if (submission.Owner is { } owner) unit.Owners.Own(owner, ids[i], tasks[i].Payload.Bytes.Length);
        }

        if (submission.Key is { } used && ids.Length > 0)
        {
            unit.Prepared(SqliteSql.InsertKey).Bind(used.Text).Bind(used.Fingerprint).Bind(ids[0].Value).Bind(ids.Length).Run();
        }

        return new(SubmitStatus.Stored, ids);
    }

    private static SubmitOutcome? FindKey(SqliteUnit unit, IdempotencyKey key)
    {
        var row = unit.Prepared(SqliteSql.SelectKey).Bind(key.Text);
        SubmitOutcome? outcome = null;
        if (row.Step())
        {
            var first = row.Long(1);
            outcome = key.Fingerprint.Span.SequenceEqual(row.Blob(0))
                ? new(SubmitStatus.Repeated, [.. Enumerable.Range(0, row.Int(2)).Select(i => new TaskId(first + i))])
                : Nothing(SubmitStatus.KeyMismatch);
        }

        row.Reset();
        return outcome;
    }

    private static bool GroupsExist(SqliteUnit unit, Submission submission)
    {
        GroupId? checkedLast = null;
        foreach (var task in submission.Tasks)
        {
            if (task.Group is not { } group || group == checkedLast) continue;
            var row = unit.Prepared(SqliteSql.SelectGroupExists).Bind(group.Value);
            var exists = row.Step();
            row.Reset();
            if (!exists) return false;
            checkedLast = group;
        }

        return true;
    }

    private static bool QueuesFit(SqliteUnit unit, Submission submission)
    {
        HashSet<string>? added = null;
        foreach (var task in submission.Tasks)
        {
            // The queue of those who name none must never be refused.
            if (task.Queue == Limits.QueueDefault || unit.Lanes.Of(task.Queue).Length > 0) continue;
            if ((added ??= []).Add(task.Queue) && unit.Lanes.QueueCount + added.Count > Limits.QueuesMax) return false;
        }

        return true;
    }

    private static bool LanesFit(SqliteUnit unit, IReadOnlyList<NewTask> tasks)
    {
        HashSet<(string, string)>? added = null;
        foreach (var task in tasks)
        {
            // Who asks for nothing always has a place, whatever module the queue gave the task.
            if (task.Requires.AsksForNothing) continue;
            var lanes = unit.Lanes.Of(task.Queue);
            if (lanes.Any(lane => lane.Requires.Equals(task.Requires))) continue;
            (added ??= []).Add((task.Queue, task.Requires.Text));
            if (lanes.Length + added.Count(pair => pair.Item1 == task.Queue) > Limits.LanesPerQueueMax) return false;
        }

        return true;
    }

    private static bool OwnerHasRoom(SqliteUnit unit, Submission submission) =>
        submission.Owner is not { } owner || (unit.Owners.Of(owner) + OwnerLoad.Of(submission.Tasks)).FitsIn(unit.OwnerMax);

    private static SubmitOutcome Nothing(SubmitStatus status) => new(status, []);
}
