using Npgsql;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>What owners have unfinished, as one transaction finds it and changes it. In a database where nobody owns anything it says nothing.</summary>
internal sealed class PostgresOwnerCounts
{
    private readonly Dictionary<long, OwnerLoad> _found = [];
    private readonly Dictionary<long, OwnerLoad> _added = [];
    private readonly List<(long Task, long Change)> _moved = [];

    /// <summary>Whether anybody ever owned anything. Read once the rows are locked: whose task is among them was counted before.</summary>
    public bool AreThere { get; set; }

    public void Read(NpgsqlDataReader row) => _found[row.GetInt64(0)] = new(row.GetInt64(1), row.GetInt64(2));

    /// <summary>What the owner has unfinished, with what this transaction adds.</summary>
    public OwnerLoad Of(TokenId owner) => _found.GetValueOrDefault(owner.Value) + _added.GetValueOrDefault(owner.Value);

    public void Add(TokenId owner, OwnerLoad load) => _added[owner.Value] = _added.GetValueOrDefault(owner.Value) + load;

    /// <summary>A task left the unfinished ones (-1), or came back to them (+1). Its owner is looked up where the count is changed.</summary>
    public void Move(TaskId id, int change) => _moved.Add((id.Value, change));

    public void AddTo(PostgresTrip trip, int shard)
    {
        if (_added.Count == 0 && (_moved.Count == 0 || !AreThere)) return;
        trip.Run(PostgresSql.AddToOwnerCounts).With(shard)
            .With([.. _added.Keys]).With([.. _added.Values.Select(static load => load.Tasks)]).With([.. _added.Values.Select(static load => load.PayloadBytes)])
            .With([.. _moved.Select(static moved => moved.Task)]).With([.. _moved.Select(static moved => moved.Change)]);
    }
}
