using System.Text;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Explaining;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

// Reads of tasks: lists, single tasks with their history, and related data.
internal sealed partial class StoreReads
{
    public async Task<TaskPage> ListAsync(
        TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken)
    {
        if (!filter.IsSearch) return await ReadPageAsync(filter, after, limit, cancellationToken);
        await _searching.WaitAsync(cancellationToken);
        try
        {
            var page = await ReadPageAsync(filter, after, limit, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return page;
        }
        finally
        {
            _searching.Release();
        }
    }

    private async Task<TaskPage> ReadPageAsync(
        TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken)
    {
        var (source, of, left) = TaskSource.Of(filter, reader.Sql.Members);
        // If every row matches, no more are needed than fit the page.
        var everyRowCounts = left with { NewestFirst = false } == new TaskFilter();
        var page = new TaskPageBuilder(left, limit);
        if (everyRowCounts) page.ScanMax = Math.Min(limit, page.ScanMax);
        var sql = left.PayloadText is null
            ? source.Page(filter.NewestFirst)
            : reader.Sql.SearchPage(source, filter.NewestFirst);
        var first = after?.Value ?? (filter.NewestFirst ? long.MaxValue : 0);
        // A search is limited within its statement.
        var piece = left.PayloadText is null ? Math.Min(page.ScanMax, reader.RowsAtOnceMax) : page.ScanMax;
        int asked;
        do
        {
            asked = Math.Min(piece, page.Left);
            await reader.RunAsync<bool>(statements =>
            {
                page.Again();
                var query = statements.QueryUntil(sql, row =>
                {
                    page.Add(row, reader.LaneOf(row.Int(TaskRow.Lane), statements));
                    return page.IsFull || cancellationToken.IsCancellationRequested;
                });
                if (left.PayloadText is { } text) query.With((ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(text));
                if (of is { } known) query.With(known);
                query.With(page.Last?.Value ?? first).With(asked);
                return static () => true;
            });
        }
        while (page.EndPiece(asked) && !cancellationToken.IsCancellationRequested);
        return page.Page;
    }

    public Task<TaskHistory?> FindHistoryAsync(TaskId id) =>
        reader.RunAsync<TaskHistory?>(statements => QueryHistory(statements, id));

    public Task<TaskStanding?> FindStandingAsync(TaskId id) => reader.RunAsync<TaskStanding?>(statements =>
    {
        var (ahead, finishes, paused) = (0, new List<DateTimeOffset>(), new HashSet<string>(StringComparer.Ordinal));
        var history = QueryHistory(statements, id);
        statements.Query(StoreSql.SelectPausedQueues, row => paused.Add(row.Text(0)));
        statements.Query(StoreSql.CountAhead, row => ahead = (int)row.Long(0))
            .With(id.Value)
            .With(Limits.AheadCountMax + 1);
        statements.Query(StoreSql.SelectFinishesOfLane, row => finishes.Add(row.Time(0)))
            .With(Limits.FinishSampleMax)
            .With(id.Value);
        return () => history() is { } found ? new(found, paused.Contains(found.Task.Queue), ahead, finishes) : null;
    });

    /// <summary>The owner of each task, by many small reads in one; a deleted task has none.</summary>
    public Task<IReadOnlyList<(TaskId Id, TokenId? Owner)>> FindOwnersAsync(IReadOnlyList<TaskId> ids) =>
        reader.RunAsync<IReadOnlyList<(TaskId Id, TokenId? Owner)>>(statements =>
    {
        var owners = new Dictionary<long, TokenId>();
        foreach (var id in ids)
        {
            statements.Query(StoreSql.SelectTaskOwner, row => owners[row.Long(0)] = new(row.Long(1))).With(id.Value);
        }

        return () => [.. ids.Select(id => (id, owners.TryGetValue(id.Value, out var owner) ? owner : (TokenId?)null))];
    });

    /// <summary>The bytes that a deletion of each task frees; none for a task that no longer exists.</summary>
    public Task<IReadOnlyDictionary<TaskId, long>> FindBytesAsync(IReadOnlyList<TaskId> ids) =>
        reader.RunAsync<IReadOnlyDictionary<TaskId, long>>(statements =>
    {
        var bytes = new Dictionary<TaskId, long>();
        foreach (var id in ids)
        {
            statements.Query(StoreSql.SelectBytesOfTask, row => bytes[new(row.Long(0))] = row.Long(1)).With(id.Value);
        }

        return () => bytes;
    });

    /// <summary>The same for tasks that exist, and belong to the owner if one is given.</summary>
    public Task<IReadOnlyList<(TaskId Id, TokenId? Owner)>> FindOwnedAsync(IReadOnlyList<TaskId> ids, TokenId? owner) =>
        reader.RunAsync<IReadOnlyList<(TaskId Id, TokenId? Owner)>>(statements =>
    {
        var found = new List<(TaskId Id, TokenId? Owner)>();
        foreach (var id in ids)
        {
            statements.Query(StoreSql.SelectTaskIdWithOwner, row =>
            {
                var its = StoreRows.ReadOwner(row, 1);
                if (owner is null || its == owner) found.Add((new(row.Long(0)), its));
            }).With(id.Value);
        }

        return () => found;
    });

    /// <summary>The answers to a task, in order of arrival.</summary>
    public Task<TaskAnswers> ListAnswersAsync(TaskId id) => reader.RunAsync<TaskAnswers>(statements =>
    {
        VerifiedCopy? copy = null;
        OpenCheck? check = null;
        VerifiedCopy.Query(statements, id, found => copy = found);
        statements.Query(StoreSql.SelectOpenCheckRow, row =>
            check = new(TaskRow.Read(row, reader.LaneOf(row.Int(TaskRow.Lane), statements)),
                (CheckFrom)row.Long(TaskRow.ColumnCount), (AnswerRole)row.Long(TaskRow.ColumnCount + 1)))
            .With(id.Value);
        var corrections = new List<Correction>();
        statements.Query(StoreSql.SelectCorrectionsOfTask, row => corrections.Add(StoreRows.ReadCorrection(row)))
            .With(id.Value);
        return () => new(copy?.Policy, copy?.Answers ?? [], check, corrections);
    });

    private Func<TaskHistory?> QueryHistory(IStatements statements, TaskId id)
    {
        TaskHistory? found = null;
        var kept = new List<TaskAttempt>();
        statements.Query(StoreSql.SelectTaskWithOwner, row =>
        {
            var lane = reader.LaneOf(row.Int(TaskRow.Lane), statements);
            if (lane.Requires.IsCheck) return;
            var task = TaskRow.Read(row, lane, row.TextOrNull(TaskRow.ColumnCount));
            found = new(task, StoreRows.ReadOwner(row, TaskRow.ColumnCount + 1), kept);
        }).With(id.Value);
        // Read the task first. Without a snapshot, an attempt that ends between the reads is still in one of them.
        statements.Query(StoreSql.SelectAttempts, row => kept.Add(StoreRows.ReadAttempt(row))).With(id.Value);
        return () => found is null ? null : found with { Attempts = AttemptHistory.Of(found.Task, kept) };
    }
}
