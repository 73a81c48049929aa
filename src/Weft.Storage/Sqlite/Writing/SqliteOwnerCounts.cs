using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The owners of tasks, and their unfinished and stored amounts: written once for each owner and transaction. A store
/// without owners is never queried.
/// </summary>
internal sealed class SqliteOwnerCounts(SqliteConnection connection)
{
    private readonly Dictionary<TokenId, OwnerLoad> _added = [];
    private (TaskId Id, TokenId Owner) _finishedLast;
    private bool _areThere;

    public void Load() => _areThere = connection.ReadLong(SqliteSql.SelectHasOwners) != 0;

    /// <summary>The owner's amounts, as the open transaction sees them.</summary>
    public OwnerLoad Of(TokenId owner)
    {
        var load = connection.Prepared(SqliteSql.SelectOwnerCount).Bind(owner.Value)
            .First(static row => new OwnerLoad(row.Long(0), row.Long(1), row.Long(2)));
        return load + _added.GetValueOrDefault(owner);
    }

    /// <summary>Assigns a new task to its owner.</summary>
    public void Own(TokenId owner, TaskId id, int payloadBytes, int runBytes)
    {
        connection.Prepared(SqliteSql.InsertOwner)
            .Bind(id.Value)
            .Bind(owner.Value)
            .Bind(payloadBytes)
            .Bind(runBytes).Run();
        _areThere = true;
        Add(owner, OwnerLoad.OfNew(payloadBytes, runBytes));
    }

    /// <summary>A checkpoint or an error replaces an earlier one.</summary>
    /// <param name="id">The task.</param>
    /// <param name="bytes">The size of the new one.</param>
    /// <param name="before">The size of the earlier one; only read if anybody owns anything.</param>
    public void Keep(TaskId id, int bytes, Func<long> before)
    {
        if (!_areThere || bytes - before() is not (var change and not 0)) return;
        var owner = connection.Prepared(SqliteSql.AddToKept).Bind(change).Bind(id.Value)
            .First(static TokenId? (row) => new(row.Long(0)));
        if (owner is { } known) Add(known, new(0, 0, change));
    }

    public void Finish(TaskId id)
    {
        if (Find(id) is not var (owner, payloadBytes, _)) return;
        Add(owner, -OwnerLoad.OfUnfinished(payloadBytes));
        _finishedLast = (id, owner);
    }

    /// <summary>The task that has just finished got a result.</summary>
    public void StoreResult(TaskId id, int bytes)
    {
        if (_finishedLast.Id == id) Add(_finishedLast.Owner, new(0, 0, bytes));
    }

    /// <summary>Whether a dead task may run again within its owner's limits.</summary>
    public bool CanRevive(TaskId id, OwnerLoad max) =>
        Find(id) is not var (owner, payloadBytes, _) || (Of(owner) + OwnerLoad.OfUnfinished(payloadBytes)).FitsIn(max);

    /// <summary>A dead task runs again.</summary>
    public void Revive(TaskId id)
    {
        if (Find(id) is var (owner, payloadBytes, _)) Add(owner, OwnerLoad.OfUnfinished(payloadBytes));
    }

    /// <summary>A finished task is about to be deleted; its result is still there.</summary>
    public void Forget(TaskId id)
    {
        if (Find(id) is var (owner, payloadBytes, keptBytes))
        {
            Add(owner, new(0, 0, -OwnerLoad.StoredBytesOf(payloadBytes, ResultBytesOf(id)) - keptBytes));
        }
    }

    public void Save()
    {
        foreach (var (owner, load) in _added)
        {
            // An owner without anything has no row: one that came and went within the transaction must not leave one.
            if (load == default) continue;
            connection.Prepared(SqliteSql.AddToOwnerCount)
                .Bind(owner.Value)
                .Bind(load.Tasks)
                .Bind(load.PayloadBytes)
                .Bind(load.StoredBytes).Run();
            if (load.StoredBytes < 0) connection.Prepared(SqliteSql.DeleteIdleOwner).Bind(owner.Value).Run();
        }

        Clear();
    }

    public void Clear()
    {
        _added.Clear();
        _finishedLast = default;
    }

    private (TokenId Owner, long PayloadBytes, long KeptBytes)? Find(TaskId id) => _areThere
        ? connection.Prepared(SqliteSql.SelectOwned).Bind(id.Value).First(
            static (TokenId, long, long)? (row) => (new(row.Long(0)), row.Long(1), row.Long(2)))
        : null;

    private long ResultBytesOf(TaskId id) => connection.Prepared(SqliteSql.SelectResultBytes).Bind(id.Value).ReadLong();

    private void Add(TokenId owner, OwnerLoad load) => _added[owner] = _added.GetValueOrDefault(owner) + load;
}
