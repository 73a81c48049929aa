using System.Text;
using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Explaining;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The reads that are the same for every engine; a task by its id is each engine's own.</summary>
internal sealed class StoreReads(IStoreReader reader) : IDisposable
{
    private readonly SharedRead<IReadOnlyList<QueueCounts>> _counts = new(() => CountAsync(reader));

    // One search at a time: it takes as long as texts are long, and whoever reads by a key must find a free connection.
    private readonly SemaphoreSlim _searching = new(1);

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

    /// <summary>For a store that has closed: nobody reads any more.</summary>
    public void Dispose() => _searching.Dispose();

    private Task<TaskPage> ReadPageAsync(
        TaskFilter filter, TaskId? after, int limit, CancellationToken cancellationToken) =>
        reader.RunAsync<TaskPage>(statements =>
    {
        var (source, of, left) = TaskSource.Of(filter, reader.Sql.Members);
        // Where every row counts, no more are needed than fit the page.
        var everyRowCounts = left with { NewestFirst = false } == new TaskFilter();
        var page = new TaskPageBuilder(left, limit);
        if (everyRowCounts) page.ScanMax = Math.Min(limit, page.ScanMax);
        var sql = left.PayloadText is null
            ? source.Page(filter.NewestFirst)
            : reader.Sql.SearchPage(source, filter.NewestFirst);
        var query = statements.QueryUntil(sql, row =>
        {
            page.Add(row, reader.LaneOf(row.Int(TaskRow.Lane), statements));
            return page.IsFull || cancellationToken.IsCancellationRequested;
        });
        if (left.PayloadText is { } text) query.With((ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(text));
        if (of is { } known) query.With(known);
        query.With(after?.Value ?? (filter.NewestFirst ? long.MaxValue : 0))
            .With(page.ScanMax);
        return () => page.Page;
    });

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

    public Task<IReadOnlyList<LeasedTask>> ListLeasedAsync(int max) => ListAsync(
        StoreSql.SelectLeased, static row => new LeasedTask(new(row.Long(0)), row.Text(1)), query => query.With(max));

    public Task<IReadOnlyList<QueueCounts>> CountAsync() => _counts.ReadAsync();

    private static Task<IReadOnlyList<QueueCounts>> CountAsync(IStoreReader reader) =>
        reader.RunAsync<IReadOnlyList<QueueCounts>>(statements =>
    {
        var counts = new SortedDictionary<string, StateCounts>(StringComparer.Ordinal);
        var paused = new HashSet<string>(StringComparer.Ordinal);
        statements.Query(reader.Sql.SelectQueueCounts, row => counts[row.Text(0)] = StoreRows.ReadCounts(row, 1));
        statements.Query(StoreSql.SelectPausedQueues, row => paused.Add(row.Text(0)));
        return () =>
        {
            foreach (var queue in paused) counts.TryAdd(queue, default);
            return [.. counts.Select(pair => new QueueCounts(pair.Key, paused.Contains(pair.Key), pair.Value))];
        };
    });

    public Task<IReadOnlyList<ReadyTasks>> ListReadyAsync() => ListAsync(reader.Sql.SelectReadyCounts, static row =>
        new ReadyTasks(row.Text(0), Requirements.Parse(row.Text(1)), (int)Math.Min(row.Long(2), int.MaxValue)));

    /// <summary>How much is ready in each lane that has something, by its id.</summary>
    public Task<IReadOnlyList<(long Lane, string Queue, long Ready)>> ListReadyLanesAsync() => ListAsync(
        reader.Sql.SelectReadyCounts, static row => ((long)row.Int(3), row.Text(0), row.Long(2)));

    /// <summary>Since when the oldest ready task of each queue is ready, of the fullest of these lanes.</summary>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListOldestReadyAsync(
        IEnumerable<(long Lane, string Queue, long Ready)> lanes) =>
        reader.RunAsync<IReadOnlyDictionary<string, DateTimeOffset>>(statements =>
    {
        var oldest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (lane, queue, _) in lanes.OrderByDescending(static lane => lane.Ready).Take(Limits.OldestLanesMax))
        {
            statements.Query(StoreSql.SelectOldestReady, row =>
            {
                if (row.TimeOrNull(0) is not { } since) return;
                if (!oldest.TryGetValue(queue, out var known) || since < known) oldest[queue] = since;
            }).With(lane).With(Limits.OldestPrioritiesMax);
        }

        return () => oldest;
    });

    public Task<StoredGroup?> FindGroupAsync(GroupId id) =>
        FindAsync<StoredGroup>((statements, found) => QueryGroup(statements, id, found));

    public Task<GroupPage> ListGroupsAsync(TokenId? owner, GroupId? before, int limit) =>
        reader.RunAsync<GroupPage>(statements =>
    {
        var groups = new List<StoredGroup>();
        var sql = owner is null ? reader.Sql.SelectGroupsNewestFirst : reader.Sql.SelectOwnGroupsNewestFirst;
        var query = statements.Query(sql, row => groups.Add(StoreRows.ReadGroup(row)));
        if (owner is { } known) query.With(known.Value);
        query.With(before?.Value ?? long.MaxValue).With(limit + 1);
        return () => GroupPage.Of(groups, limit);
    });

    public async Task<GroupResultsPage> ListResultsAsync(GroupId id, ResultOrder order, long after, int limit)
    {
        HashSet<TaskId> verified = [];
        var read = await reader.RunAsync<GroupResultsPage>(statements =>
        {
            verified.Clear();
            var page = new GroupResultsBuilder(limit);
            StoredGroup? group = null;
            // The counts first: what finishes between the two statements is then at worst delivered with a page that
            // isn't called the last.
            QueryGroup(statements, id, found => group = found);
            var sql = order == ResultOrder.Submitted
                ? reader.Sql.SelectResultsAsSubmitted
                : StoreSql.SelectResultsAsFinished;
            statements.QueryUntil(sql, row =>
            {
                page.Add(row);
                if (reader.LaneOf(row.Int(GroupResultsBuilder.Lane), statements).Requires.IsVerified)
                {
                    verified.Add(new(row.Long(0)));
                }

                return page.IsEnded;
            }).With(id.Value).With(after).With(limit);
            return () => page.ToPage(allDelivered: page.MayBeAll && group is { Counts.Unfinished: 0 });
        });
        if (verified.Count == 0) return read;
        var proofs = await FindProofsAsync(verified);
        return read with
        {
            Results =
            [
                .. read.Results.Select(result => proofs.TryGetValue(result.Id, out var proof)
                    ? result with { Answers = proof.Answers, Risk = proof.Risk }
                    : result),
            ],
        };
    }

    /// <summary>How many answers results rest on, and how sure they are.</summary>
    private Task<Dictionary<TaskId, (int Answers, double Risk)>> FindProofsAsync(IReadOnlyCollection<TaskId> ids) =>
        reader.RunAsync<Dictionary<TaskId, (int Answers, double Risk)>>(statements =>
        {
            var proofs = new Dictionary<TaskId, (int Answers, double Risk)>();
            foreach (var id in ids)
            {
                statements.Query(StoreSql.SelectProof, row =>
                    proofs[id] = ((int)row.Long(0), row.Long(1) / StoreRows.RiskParts)).With(id.Value);
            }

            return () => proofs;
        });

    /// <summary>What completed tasks of a group rest on, in the order of their ids.</summary>
    public async Task<ReceiptPage> ListReceiptsAsync(GroupId group, TaskId after, int limit)
    {
        var (results, last, rows) = await reader.RunAsync<(Dictionary<TaskId, AnswerHash>, TaskId, int)>(statements =>
        {
            var results = new Dictionary<TaskId, AnswerHash>();
            var (last, rows) = (after, 0);
            statements.Query(reader.Sql.SelectResultsAsSubmitted, row =>
            {
                (last, rows) = (new(row.Long(0)), rows + 1);
                if (row.BytesOrNull(4) is { } body) results.Add(last, AnswerHash.Of(body.Span));
            }).With(group.Value).With(after.Value).With(limit);
            return () => (results, last, rows);
        });
        var receipts = await reader.RunAsync<IReadOnlyList<Receipt>>(statements =>
        {
            var receipts = new List<Receipt>();
            foreach (var (id, result) in results)
            {
                List<Supporter> supporters = [];
                statements.Query(StoreSql.SelectReceipt, row => receipts.Add(new(
                    id, row.TextOrNull(0), AnswerHash.Of(row.Bytes(1)), result,
                    row.LongOrNull(2) is { } risk ? risk / StoreRows.RiskParts : null, row.Long(3) != 0, supporters)))
                    .With(id.Value);
                statements.Query(StoreSql.SelectSupporters, row => supporters.Add(new(
                    new(row.Long(0)), new(unchecked((ulong)row.Long(1))), row.Long(2) != 0, (AnswerRole)row.Long(3))))
                    .With(id.Value);
            }

            return () => receipts;
        });
        return new(receipts, last, IsLast: rows < limit);
    }

    /// <summary>All rows of a statement.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<IRow, T> read, Action<IParameters>? bind = null) =>
        reader.RunAsync<IReadOnlyList<T>>(statements =>
        {
            var rows = new List<T>();
            var query = statements.Query(sql, row => rows.Add(read(row)));
            bind?.Invoke(query);
            return () => rows;
        });

    /// <summary>The rows of a statement about each of some names: one round trip.</summary>
    public Task<IReadOnlyList<T>> ListOfEachAsync<T>(string sql, IReadOnlyCollection<string> names,
        Func<IRow, T> read) =>
        reader.RunAsync<IReadOnlyList<T>>(statements =>
        {
            var rows = new List<T>();
            foreach (var name in names) statements.Query(sql, row => rows.Add(read(row))).With(name);
            return () => rows;
        });

    /// <summary>What a statement finds; the default where it finds nothing.</summary>
    public Task<T?> FindAsync<T>(Action<IStatements, Action<T>> ask) => reader.RunAsync<T?>(statements =>
    {
        T? answer = default;
        ask(statements, found => answer = found);
        return () => answer;
    });

    /// <summary>The statements that the engines write differently.</summary>
    public EngineSql Sql => reader.Sql;

    /// <summary>Whose each task is, by many small reads in one; one that is gone is nobody's.</summary>
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

    /// <summary>The bytes that go with each task, where it is deleted; none for one that is gone.</summary>
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

    /// <summary>The same for those tasks that are there, and are the owner's if there is one.</summary>
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

    /// <summary>The answers to a task, in the order in which they came.</summary>
    public Task<TaskAnswers> ListAnswersAsync(TaskId id) => reader.RunAsync<TaskAnswers>(statements =>
    {
        VerifiedCopy? copy = null;
        TaskRecord? check = null;
        VerifiedCopy.Query(statements, id, found => copy = found);
        statements.Query(StoreSql.SelectOpenCheckRow, row =>
            check = TaskRow.Read(row, reader.LaneOf(row.Int(TaskRow.Lane), statements))).With(id.Value);
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
        // The task first: where this is no snapshot, an attempt that ends between the two is in one of them.
        statements.Query(StoreSql.SelectAttempts, row => kept.Add(StoreRows.ReadAttempt(row))).With(id.Value);
        return () => found is null ? null : found with { Attempts = AttemptHistory.Of(found.Task, kept) };
    }

    private void QueryGroup(IStatements statements, GroupId id, Action<StoredGroup> found) =>
        statements.Query(reader.Sql.SelectGroup, row => found(StoreRows.ReadGroup(row))).With(id.Value);
}
