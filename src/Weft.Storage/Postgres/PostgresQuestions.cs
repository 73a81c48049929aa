using Npgsql;

namespace Weft.Storage.Postgres;

/// <summary>Tasks that a statement chooses, rather than their ids: what is due, what a queue holds, what is old.</summary>
internal sealed class PostgresSelection(string sql, Action<NpgsqlBatchCommand> bind)
{
    public string Sql => sql;

    public List<PostgresTask> Found { get; } = [];

    public void Bind(NpgsqlBatchCommand command) => bind(command);
}

/// <summary>All that the operations of one transaction must see before they decide: asked for in one round trip.</summary>
internal sealed class PostgresQuestions
{
    public HashSet<long> Tasks { get; } = [];
    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
    public HashSet<long> Groups { get; } = [];
    public List<PostgresSelection> Selections { get; } = [];

    /// <summary>How many tokens want room.</summary>
    public int TokensToAdd { get; set; }

    /// <summary>What is claimed, by all together.</summary>
    public List<PostgresClaim> Claims { get; } = [];
}
