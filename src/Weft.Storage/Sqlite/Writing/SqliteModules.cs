using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The modules that a transaction has looked up, and the queues that name one, all of them: a submit that names none
/// asks nothing. The writer's alone. Queues change with a transaction, and are read anew after one that was undone.
/// </summary>
internal sealed class SqliteModules(SqliteConnection connection) : KnownModules
{
    private List<long> _abandoned = [];
    private bool _isChanged;

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

    /// <summary>Reads what all queues name: at start, and where a change was undone.</summary>
    public void Load()
    {
        _isChanged = false;
        ClearQueues();
        var row = connection.Prepared(StoreSql.SelectQueueModules);
        while (row.Step()) AddQueue(row.Text(0), StoreRows.ReadQueueCall(new SqliteRow(row)));
        row.Reset();
        Policies.Clear();
        row = connection.Prepared(StoreSql.SelectQueuePolicies);
        while (row.Step()) Policies.Add(row.Text(0), VerificationPolicyText.Read(row.Text(1)));
        row.Reset();
    }

    /// <summary>A module may have come or gone.</summary>
    public void Forget(ModuleHash hash) => Modules.Remove(hash);

    /// <summary>Reads what one queue names.</summary>
    public void Reload(string queue)
    {
        _isChanged = true;
        RemoveQueue(queue);
        var row = connection.Prepared(StoreSql.SelectQueueModule).Bind(queue);
        if (row.Step()) AddQueue(queue, StoreRows.ReadQueueCall(new SqliteRow(row)));
        row.Reset();
        Policies.Remove(queue);
        row = connection.Prepared(StoreSql.SelectQueuePolicy).Bind(queue);
        if (row.Step()) Policies.Add(queue, VerificationPolicyText.Read(row.Text(0)));
        row.Reset();
    }

    /// <summary>The transaction is committed.</summary>
    public void Keep()
    {
        _isChanged = false;
        Modules.Clear();
    }

    /// <summary>The transaction is undone; one that changed no module costs nothing.</summary>
    public void Undo()
    {
        Modules.Clear();
        if (_isChanged) Load();
    }

    /// <summary>What a task runs, and whose it is; null for a task without a module.</summary>
    public static ModuleCall? ReadCall(SqliteConnection connection, Core.Tasks.TaskId task)
    {
        var row = connection.Prepared(StoreSql.SelectTaskCall).Bind(task.Value);
        var call = row.Step() ? StoreRows.ReadTaskCall(new SqliteRow(row)) : null;
        row.Reset();
        return call;
    }

    protected override bool TryLook(ModuleHash hash, out (long Id, ModuleKind Kind) module)
    {
        if (Modules.TryGetValue(hash, out module)) return true;
        var row = connection.Prepared(SqliteSql.SelectModuleKey).Bind(hash.ToString());
        var found = row.Step();
        if (found) Modules.Add(hash, module = (row.Long(0), (ModuleKind)row.Long(1)));
        row.Reset();
        return found;
    }

    protected override bool MayName(long module, TokenId owner) =>
        connection.Prepared(SqliteSql.SelectMayNameModule).Bind(owner.Value).Bind(module).ReadLong() != 0;
}
