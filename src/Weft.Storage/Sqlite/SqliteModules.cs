using Weft.Core.Modules;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The modules that there are and the queues that name one, as the writer knows them: a submit looks them up without a
/// query. The writer's alone. They change with a transaction, and are read anew after one that was undone.
/// </summary>
internal sealed class SqliteModules(SqliteConnection connection) : IKnownModules
{
    private readonly Dictionary<ModuleHash, (long Id, ModuleKind Kind)> _modules = [];
    private readonly Dictionary<string, ModuleCall> _queues = new(StringComparer.Ordinal);

    private List<long> _abandoned = [];

    public int Count => _modules.Count;

    public bool TryFind(ModuleHash hash, out long id, out ModuleKind kind)
    {
        var found = _modules.TryGetValue(hash, out var module);
        (id, kind) = module;
        return found;
    }

    public bool TryFind(ModuleHash hash, out ModuleKind kind) => TryFind(hash, out _, out kind);

    public ModuleCall? Of(string queue) => _queues.Count == 0 ? null : _queues.GetValueOrDefault(queue);

    public void Add(ModuleHash hash, long id, ModuleKind kind) => _modules.Add(hash, (id, kind));

    public void Remove(ModuleHash hash) => _modules.Remove(hash);

    public void Set(string queue, ModuleCall? call)
    {
        if (call is null) _queues.Remove(queue);
        else _queues[queue] = call;
    }

    /// <summary>The uploads that an earlier run left behind, once.</summary>
    public IReadOnlyList<long> TakeAbandoned()
    {
        var abandoned = _abandoned;
        _abandoned = [];
        return abandoned;
    }

    /// <summary>Finds what an earlier run left behind; once, at start.</summary>
    public void LoadAbandoned()
    {
        var row = connection.Prepared(SqliteSql.SelectUploads);
        while (row.Step()) _abandoned.Add(row.Long(0));
        row.Reset();
    }

    public void Load()
    {
        _modules.Clear();
        var row = connection.Prepared(SqliteSql.SelectModuleKeys);
        while (row.Step()) _modules.Add(ModuleHash.Parse(row.Text(1)), (row.Long(0), (ModuleKind)row.Long(2)));
        row.Reset();
        _queues.Clear();
        foreach (var (queue, call) in ReadQueues(connection)) _queues.Add(queue, call);
    }

    public static Dictionary<string, ModuleCall> ReadQueues(SqliteConnection connection)
    {
        var queues = new Dictionary<string, ModuleCall>(StringComparer.Ordinal);
        var row = connection.Prepared(SqliteSql.SelectQueueModules);
        while (row.Step()) queues.Add(row.Text(0), new(ModuleHash.Parse(row.Text(1)), row.BlobOrNull(2)));
        row.Reset();
        return queues;
    }

    /// <summary>What a task runs; null for a task without a module.</summary>
    public static ModuleCall? ReadCall(SqliteConnection connection, Core.Tasks.TaskId task)
    {
        var row = connection.Prepared(SqliteSql.SelectTaskModule).Bind(task.Value);
        var call = row.Step() ? new ModuleCall(ModuleHash.Parse(row.Text(0)), row.BlobOrNull(1)) : null;
        row.Reset();
        return call;
    }
}
