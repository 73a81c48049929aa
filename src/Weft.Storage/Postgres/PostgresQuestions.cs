using Npgsql;
using Weft.Core.Storage;

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

    /// <summary>Tasks that needn't be read, only locked.</summary>
    public List<PostgresTask> Remembered { get; } = [];

    public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);
    public HashSet<long> Groups { get; } = [];

    /// <summary>Who brings tasks, and how much.</summary>
    public Dictionary<long, OwnerLoad> Owners { get; } = [];

    public List<PostgresSelection> Selections { get; } = [];

    /// <summary>Modules that new tasks name, by hash.</summary>
    public HashSet<string> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>Queues whose new tasks name none, where queues have modules at all.</summary>
    public HashSet<string> ModulesOfQueues { get; } = new(StringComparer.Ordinal);

    /// <summary>True when there are new tasks whose queues may have modules, and that was not asked since no queue had one at the last look.</summary>
    public bool AsksNoQueues { get; set; }

    /// <summary>True when modules or the queues that name them change.</summary>
    public bool ChangesModules { get; set; }

    /// <summary>How many tokens want room.</summary>
    public int TokensToAdd { get; set; }

    /// <summary>What is claimed, by all together.</summary>
    public List<PostgresClaim> Claims { get; } = [];
}
