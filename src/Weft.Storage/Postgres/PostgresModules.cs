using Npgsql;
using Weft.Core.Modules;

namespace Weft.Storage.Postgres;

/// <summary>What a new task runs, by the module's number.</summary>
internal readonly record struct PostgresRun(long Module, ReadOnlyMemory<byte>? Run);

/// <summary>The modules that one transaction has found, of those that its new tasks or their queues name. They stay until it commits.</summary>
internal sealed class PostgresModules : IKnownModules
{
    private readonly Dictionary<ModuleHash, (long Id, ModuleKind Kind)> _modules = [];
    private readonly Dictionary<string, ModuleCall> _queues = new(StringComparer.Ordinal);

    public bool TryFind(ModuleHash hash, out ModuleKind kind)
    {
        var found = _modules.TryGetValue(hash, out var module);
        kind = module.Kind;
        return found;
    }

    public ModuleCall? Of(string queue) => _queues.Count == 0 ? null : _queues.GetValueOrDefault(queue);

    /// <summary>How a task that was resolved is stored; null for one that runs nothing.</summary>
    public PostgresRun? RunOf(ModuleHash? module, ReadOnlyMemory<byte>? run) => module is { } hash ? new(_modules[hash].Id, run) : null;

    /// <summary>A row of <see cref="PostgresSql.SelectModuleKeys"/>.</summary>
    public void Read(NpgsqlDataReader row) => _modules[ModuleHash.Parse(row.GetString(0))] = (row.GetInt64(1), (ModuleKind)row.GetInt16(2));

    /// <summary>A row of <see cref="PostgresSql.SelectModulesOfQueues"/>.</summary>
    public void ReadOfQueue(NpgsqlDataReader row)
    {
        var hash = ModuleHash.Parse(row.GetString(1));
        _modules[hash] = (row.GetInt64(2), (ModuleKind)row.GetInt16(3));
        _queues[row.GetString(0)] = new(hash, PostgresRows.BytesOrNull(row, 4));
    }
}
