using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Operations;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>The operations' reads in the open transaction, each on demand.</summary>
internal sealed partial class SqliteWriteTransaction
{
    // The last task that retention has examined, in the order of finishing; none: it starts over.
    private (long FinishedAt, long Id) _retentionAt;

    public override TaskRecord? Find(TaskId id) => Tasks.Find(id);

    public override IReadOnlyList<TaskRecord> Select(TaskSelection selection)
    {
        var tasks = new List<TaskRecord>();
        switch (selection)
        {
            case TaskSelection.Due:
                foreach (var state in TaskStates.Due)
                {
                    var due = Prepared(SqliteSql.SelectDue).Bind((long)state).Bind(Now.ToUnixTimeMilliseconds());
                    Read(due.Bind(selection.Max - tasks.Count), tasks);
                }

                break;
            case TaskSelection.Waiting waiting:
                foreach (var lane in lanes.Of(waiting.Queue).Where(static lane => !lane.Requires.IsCheck))
                {
                    Read(Prepared(SqliteSql.SelectReady).Bind(lane.Id).Bind(selection.Max - tasks.Count), tasks);
                    Read(Prepared(SqliteSql.SelectScheduled).Bind(lane.Id).Bind(selection.Max - tasks.Count), tasks);
                }

                break;
            case TaskSelection.Members members:
                var found = Prepared(SqliteSql.SelectGroupMembers).Bind(members.Group.Value).Bind(members.After.Value);
                Read(found.Bind(selection.Max), tasks);
                break;
            case TaskSelection.Finished finished:
                ReadFinished(finished, tasks);
                break;
            default: throw new ArgumentOutOfRangeException(
                nameof(selection), selection, "Unknown selection.");
        }

        return tasks;
    }

    public override VerifiedCopy? FindCopy(TaskId id)
    {
        VerifiedCopy? found = null;
        var task = Find(id);
        var isUnanswered = task is
        {
            Requires.IsCheck: false, State: TaskState.Scheduled or TaskState.Ready or TaskState.Leased,
        };
        Write(statements => VerifiedCopy.Query(statements, id, copy => found = copy, isUnanswered));
        if (found is not { IsAdaptive: true } || task is null) return found;
        found.Facts = _facts ??= new();
        var isKnown = isUnanswered && found.Holder is { } holder && _facts.Knows(task.Queue, holder.Identity);
        // What is read takes the place of what was known.
        if (!isKnown) _facts.Save(this);
        Write(statements =>
        {
            if (!isKnown)
            {
                statements.Query(SqliteSql.SelectStandings, found.Facts.AddStanding).With(id.Value).With(task.Queue);
            }

            found.Facts.QueryModule(statements, id);
            found.Facts.QueryWorkers(statements, task.Queue, Seen, Now);
        });
        return found;
    }

    public override TaskId? FindOpenCheck(TaskId id)
    {
        TaskId? found = null;
        Write(statements => statements.Query(StoreSql.SelectOpenCheck, row => found = new(row.Long(0)))
            .With(id.Value));
        return found;
    }

    public override StoredKey? FindKey(string text)
    {
        return Prepared(SqliteSql.SelectKey).Bind(text).First(static StoredKey? (row) =>
        {
            var first = row.Long(1);
            return new(row.Bytes(0), [.. Enumerable.Range(0, row.Int(2)).Select(i => new TaskId(first + i))]);
        });
    }

    public override bool? IsSealed(GroupId id) =>
        Prepared(SqliteSql.SelectGroupIsSealed).Bind(id.Value).First(static bool? (row) => row.Bool(0));

    public override OwnerLoad LoadOf(TokenId owner) => Owners.Of(owner);

    /// <summary>Missing ones are created with their first tasks.</summary>
    public override SubmitStatus? PrepareLanes(SubmitOperation submit, IReadOnlyList<NewTask> tasks) =>
        LaneRules.FindMissing(lanes, tasks, submit.Submission.Owner) is { } missing
            ? LaneRules.FindRefusal(lanes, missing, OwnerBounds)
            : null;

    public override bool TryReserveRevival(TaskRecord task, TokenId owner) => Owners.CanRevive(task.Id, OwnerMax);

    public override void PlanResult(TaskId id)
    {
    }

    public override bool IsStoredResult(TaskId id, ReadOnlyMemory<byte> result) =>
        Prepared(SqliteSql.SelectResult).Bind(id.Value).First(row => result.Span.SequenceEqual(row.Bytes(0)));

    /// <summary>
    /// Continues where the last run ended: tasks kept because of their group must not be scanned each time.
    /// </summary>
    private void ReadFinished(TaskSelection.Finished selection, List<TaskRecord> old)
    {
        var tooOld = (Now - selection.Age).ToUnixTimeMilliseconds();
        var tooOldInGroup = Now - selection.AgeInGroup;
        var (scanned, bytes, isEnd) = (0, 0L, false);
        var row = Prepared(SqliteSql.SelectFinishedBefore)
            .Bind(_retentionAt.FinishedAt).Bind(_retentionAt.Id).Bind(tooOld).Bind(Limits.RetentionScanMax);
        while (old.Count < selection.Max && bytes < Limits.DeleteBytesMax)
        {
            if (isEnd = !row.Step()) break;
            scanned++;
            var task = SqliteRows.ReadTask(new(row), lanes);
            _retentionAt = (task.FinishedAt!.Value.ToUnixTimeMilliseconds(), task.Id.Value);
            var isWaitedFor = row.Long(TaskRow.ColumnCount) != 0 && task.FinishedAt > tooOldInGroup;
            if (isWaitedFor) continue;
            old.Add(task);
            bytes += row.Long(TaskRow.ColumnCount + 1);
        }

        row.Reset();
        if (isEnd && scanned < Limits.RetentionScanMax) _retentionAt = default;
    }

    private void Read(SqliteStatement rows, List<TaskRecord> tasks) =>
        rows.Each(row => tasks.Add(SqliteRows.ReadTask(row, lanes)));
}
