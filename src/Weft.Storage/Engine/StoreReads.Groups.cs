using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

// Reads of groups and their results.
internal sealed partial class StoreReads
{
    // Their payloads have up to 10 MiB each, and others wait for the reader.
    private const int ReceiptsAtOnce = 8;

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
            // Read the counts first: a task that finishes between the two statements is then at worst delivered with a
            // page that isn't marked as the last.
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

    /// <summary>How many answers results rest on, and their risk.</summary>
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

    /// <summary>
    /// The receipts of completed tasks of a group, in the order of their ids. Payloads and results are read for their
    /// hashes: a page ends early where they are large.
    /// </summary>
    public async Task<ReceiptPage> ListReceiptsAsync(GroupId group, TaskId after, int limit)
    {
        var (found, last, isLast) = await reader.RunAsync<(Dictionary<TaskId, AnswerHash>, TaskId, bool)>(statements =>
        {
            var results = new Dictionary<TaskId, AnswerHash>();
            var (last, rows, bytes) = (after, 0, 0L);
            statements.QueryUntil(reader.Sql.SelectResultsAsSubmitted, row =>
            {
                (last, rows) = (new(row.Long(0)), rows + 1);
                if (row.BytesOrNull(4) is { } body)
                {
                    results.Add(last, AnswerHash.Of(body.Span));
                    bytes += body.Length;
                }

                return bytes >= Limits.ReceiptsBytesMax;
            }).With(group.Value).With(after.Value).With(limit);
            return () => (results, last, rows < limit && bytes < Limits.ReceiptsBytesMax);
        });
        List<Receipt> receipts = [];
        foreach (var few in found.Chunk(ReceiptsAtOnce)) receipts.AddRange(await FindReceiptsAsync(few));
        return new(receipts, last, isLast);
    }

    /// <summary>Corrections of a group's results, until their bytes fill a page.</summary>
    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(GroupId group, long after, int limit) =>
        reader.RunAsync<IReadOnlyList<Correction>>(statements =>
        {
            var (corrections, bytes) = (new List<Correction>(), 0L);
            statements.QueryUntil(StoreSql.SelectCorrections, row =>
            {
                corrections.Add(StoreRows.ReadCorrection(row));
                bytes += corrections[^1].Result?.Length ?? 0;
                return bytes >= Limits.ResultsPageBytesMax;
            }).With(group.Value).With(after).With(limit);
            return () => corrections;
        });

    private Task<IReadOnlyList<Receipt>> FindReceiptsAsync(KeyValuePair<TaskId, AnswerHash>[] results) =>
        reader.RunAsync<IReadOnlyList<Receipt>>(statements =>
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

    private void QueryGroup(IStatements statements, GroupId id, Action<StoredGroup> found) =>
        statements.Query(reader.Sql.SelectGroup, row => found(StoreRows.ReadGroup(row))).With(id.Value);
}
