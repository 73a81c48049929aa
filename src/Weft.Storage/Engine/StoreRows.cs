using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>Rows of groups, tokens and modules, which every engine selects in the same order of columns.</summary>
internal static class StoreRows
{
    public const string TokenColumns = "id, hash, scopes, queues, name, created_at, expires_at";

    public const string AttemptColumns = "attempt, worker, claimed_at, ended_at, outcome, error";

    /// <summary>A stored risk of 1.</summary>
    public const double RiskParts = 1e9;

    // Queue names contain no spaces.
    private const char BetweenQueues = ' ';

    /// <summary>The stored form of a time.</summary>
    public static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    /// <summary>Name, creation, the counts by state, owner, id, time of sealing.</summary>
    public static StoredGroup ReadGroup<TRow>(TRow row)
        where TRow : IRow
    {
        const int Next = 2 + TaskStates.Count;
        return new(
            new(row.Long(Next + 1)), row.TextOrNull(0), row.Time(1), ReadCounts(row, 2), ReadOwner(row, Next),
            row.TimeOrNull(Next + 2));
    }

    /// <summary>Number, task, hash of the reported result, accepted result, reason for none, time.</summary>
    public static Correction ReadCorrection(IRow row) => new(
        row.Long(0), new(row.Long(1)), AnswerHash.From(row.Bytes(2)), row.BytesOrNull(3), row.TextOrNull(4),
        row.Time(5));

    /// <summary>A count for each state, in the order of their numbers.</summary>
    public static StateCounts ReadCounts<TRow>(TRow row, int first)
        where TRow : IRow
    {
        Span<long> counts = stackalloc long[TaskStates.Count];
        for (var state = 0; state < counts.Length; state++) counts[state] = row.Long(first + state);
        return new(counts);
    }

    public static TokenId? ReadOwner<TRow>(TRow row, int column)
        where TRow : IRow => row.IsNull(column) ? null : new TokenId(row.Long(column));

    /// <summary><see cref="AttemptColumns"/>.</summary>
    public static TaskAttempt ReadAttempt<TRow>(TRow row)
        where TRow : IRow =>
        new(
            row.Int(0), row.Text(1), row.Time(2), row.Time(3), (AttemptOutcome)row.Short(4), row.TextOrNull(5));

    /// <summary><see cref="TokenColumns"/>.</summary>
    public static StoredToken ReadToken<TRow>(TRow row)
        where TRow : IRow
    {
        var queues = row.Text(3).Split(BetweenQueues, StringSplitOptions.RemoveEmptyEntries);
        var grant = new TokenGrant((Scope)row.Int(2), queues, row.TextOrNull(4), row.TimeOrNull(6));
        return new(new(row.Long(0)), grant, row.Time(5), row.Bytes(1));
    }

    /// <summary>The stored form of a token's queues.</summary>
    public static string WriteQueues(TokenGrant grant) => string.Join(BetweenQueues, grant.Queues);

    /// <summary>A module's hash and its run, after the column that names the task or queue.</summary>
    public static ModuleCall ReadCall<TRow>(TRow row)
        where TRow : IRow =>
        new(row.TextOrNull(1) is { } hash ? ModuleHash.Parse(hash) : null, row.BytesOrNull(2));

    /// <summary>A queue, its module's hash, its run, and its files.</summary>
    public static ModuleCall ReadQueueCall<TRow>(TRow row)
        where TRow : IRow => ReadCall(row) with { Files = row.BytesOrNull(3) };

    /// <summary>A task, its module's hash, its run, its submitter, its files, and their number.</summary>
    public static ModuleCall ReadTaskCall<TRow>(TRow row)
        where TRow : IRow => ReadCall(row) with
        {
            Submitter = ReadOwner(row, 3), Files = row.BytesOrNull(4), FileSetId = row.LongOrNull(5),
        };

    /// <summary>Hash, kind, size, name, creation, whether it is in use.</summary>
    public static StoredModule ReadModule<TRow>(TRow row)
        where TRow : IRow =>
        new(
            ModuleHash.Parse(row.Text(0)), (ModuleKind)row.Short(1), row.Long(2), row.TextOrNull(3), row.Time(4),
            row.Bool(5));
}
