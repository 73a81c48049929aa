using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The modules that a transaction has looked up, and all queues that name one: a submit that names none needs no query.
/// Used only by the writer. Queues change within a transaction, and are read again after a rollback.
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

    /// <summary>Finds what an earlier run left behind; once, at the start.</summary>
    public void LoadAbandoned()
    {
        connection.Prepared(SqliteSql.SelectUploads).Each(row => _abandoned.Add(row.Long(0)));
    }

    /// <summary>Reads the modules of all queues: at the start, and after a rollback.</summary>
    public void Load()
    {
        _isChanged = false;
        ClearQueues();
        Policies.Clear();
        connection.Prepared(StoreSql.SelectQueueModules).Each(AddCall);
        connection.Prepared(StoreSql.SelectQueuePolicies).Each(row =>
            Policies.Add(row.Text(0), VerificationPolicyText.Read(row.Text(1))));
    }

    /// <summary>A module may have been added or deleted.</summary>
    public void Forget(ModuleHash hash) => Modules.Remove(hash);

    /// <summary>Reads the module of one queue.</summary>
    public void Reload(string queue)
    {
        _isChanged = true;
        RemoveQueue(queue);
        Policies.Remove(queue);
        connection.Prepared(StoreSql.SelectQueueModule).Bind(queue).Each(AddCall);
        connection.Prepared(StoreSql.SelectQueuePolicy).Bind(queue).Each(row =>
            Policies.Add(queue, VerificationPolicyText.Read(row.Text(0))));
    }

    /// <summary>The transaction is committed.</summary>
    public void Keep()
    {
        _isChanged = false;
        Modules.Clear();
    }

    /// <summary>The transaction is rolled back; one that changed no module costs nothing.</summary>
    public void Undo()
    {
        Modules.Clear();
        if (_isChanged) Load();
    }

    protected override bool TryLook(ModuleHash hash, out (long Id, ModuleKind Kind) module)
    {
        if (Modules.TryGetValue(hash, out module)) return true;
        var found = connection.Prepared(SqliteSql.SelectModuleKey).Bind(hash.ToString())
            .First(static (long Id, ModuleKind Kind)? (row) => (row.Long(0), (ModuleKind)row.Long(1)));
        if (found is not { } known) return false;
        Modules.Add(hash, module = known);
        return true;
    }

    private void AddCall(SqliteRow row) => AddQueue(row.Text(0), StoreRows.ReadQueueCall(row));

    protected override bool MayName(long module, TokenId owner) =>
        connection.Prepared(SqliteSql.SelectMayNameModule).Bind(owner.Value).Bind(module).ReadLong() != 0;
}
