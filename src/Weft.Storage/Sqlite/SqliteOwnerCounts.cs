using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Whose tasks are whose, and what each owner has unfinished: written once for each owner and transaction.
/// A store in which nobody owns anything is never asked.
/// </summary>
internal sealed class SqliteOwnerCounts(SqliteConnection connection)
{
    private readonly Dictionary<TokenId, OwnerLoad> _added = [];
    private bool _areThere;

    public void Load() => _areThere = connection.ReadLong(SqliteSql.SelectHasOwners) != 0;

    /// <summary>What the owner has unfinished, as the open transaction sees it.</summary>
    public OwnerLoad Of(TokenId owner)
    {
        var row = connection.Prepared(SqliteSql.SelectOwnerCount).Bind(owner.Value);
        var load = row.Step() ? new OwnerLoad(row.Long(0), row.Long(1)) : default;
        row.Reset();
        return load + _added.GetValueOrDefault(owner);
    }

    /// <summary>Gives a new task to its owner.</summary>
    public void Own(TokenId owner, TaskId id, int payloadBytes)
    {
        connection.Prepared(SqliteSql.InsertOwner).Bind(id.Value).Bind(owner.Value).Bind(payloadBytes).Run();
        _areThere = true;
        Add(owner, new(1, payloadBytes));
    }

    public void Finish(TaskId id)
    {
        if (Find(id) is var (owner, load)) Add(owner, -load);
    }

    /// <summary>A dead task runs again. That is never refused: it was stored before, and its owner's room is for what is new.</summary>
    public void Revive(TaskId id)
    {
        if (Find(id) is var (owner, load)) Add(owner, load);
    }

    public void Save()
    {
        foreach (var (owner, load) in _added)
        {
            // Who has nothing unfinished has no row: one that came and went within the transaction must not leave one.
            if (load == default) continue;
            connection.Prepared(SqliteSql.AddToOwnerCount).Bind(owner.Value).Bind(load.Tasks).Bind(load.PayloadBytes).Run();
            if (load.Tasks < 0) connection.Prepared(SqliteSql.DeleteIdleOwner).Bind(owner.Value).Run();
        }

        Clear();
    }

    public void Clear() => _added.Clear();

    private (TokenId Owner, OwnerLoad Load)? Find(TaskId id)
    {
        if (!_areThere) return null;
        var row = connection.Prepared(SqliteSql.SelectOwned).Bind(id.Value);
        (TokenId, OwnerLoad)? found = row.Step() ? (new(row.Long(0)), new(1, row.Long(1))) : null;
        row.Reset();
        return found;
    }

    private void Add(TokenId owner, OwnerLoad load) => _added[owner] = _added.GetValueOrDefault(owner) + load;
}
