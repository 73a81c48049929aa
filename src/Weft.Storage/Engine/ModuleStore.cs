using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The modules, stored with the tasks: one backup has both, and every coordinator has them.</summary>
internal sealed class ModuleStore(TaskStore store, StoreReads reads) : IModuleStore
{
    private const long Anybody = -1;

    public Task<ModuleUploadId?> BeginUploadAsync(ModuleKind kind, string? name, TokenId? owner = null) =>
        store.RunAsync(new BeginUploadOperation(kind, name, owner), Admission.NewWork);

    public async Task AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunk)
    {
        // Copied: the caller reuses its buffer after the call, when an operation that timed out may still run.
        if (!await store.RunAsync(new AppendOperation(upload, index, chunk.ToArray()), Admission.NewWork))
        {
            throw new StoreException(
                StoreErrorKind.Unavailable, "The module took too long to arrive: the incomplete upload was dropped.");
        }
    }

    public Task<ModuleSealed> SealAsync(ModuleUploadId upload, ModuleHash hash, long size, TokenId? owner = null) =>
        store.RunAsync(new SealOperation(upload, hash, size, owner), Admission.Progress);

    public Task DropUploadAsync(ModuleUploadId upload) =>
        store.RunAsync(new DropUploadOperation(upload), Admission.Progress);

    public Task<StoredModule?> FindAsync(ModuleHash hash, TokenId? owner = null) =>
        reads.FindAsync<StoredModule>((statements, found) => Query(statements, hash, owner, found));

    public Task<int?> ReadChunkAsync(ModuleHash hash, int index, byte[] into) =>
        reads.FindAsync<int?>((statements, found) => statements
            .Query(StoreSql.SelectChunk, row => found(row.Copy(0, into)))
            .With(hash.ToString())
            .With(index));

    public Task<IReadOnlyList<StoredModule>> ListAsync(TokenId? owner = null) => owner is { } known
        ? reads.ListAsync(StoreSql.SelectModulesOfOwner, StoreRows.ReadModule, query => query.With(known.Value))
        : reads.ListAsync(StoreSql.SelectModules, StoreRows.ReadModule);

    public Task<IReadOnlyList<StoredModule>> ListWheelsAsync(TokenId? owner) => reads.ListAsync(
        StoreSql.SelectNamedWheels, StoreRows.ReadModule, query => query.With(owner?.Value ?? Anybody));

    public Task<ModuleDeletion> DeleteAsync(ModuleHash hash, TokenId? owner = null) =>
        store.RunAsync(new DeleteModuleOperation(hash, owner, isFile: false), Admission.Progress);

    public Task<SubmitStatus> SetQueueModuleAsync(string queue, ModuleCall? call, FileSet? files = null) =>
        store.RunAsync(new SetQueueModuleOperation(queue, call, files), Admission.Progress);

    public async Task<IReadOnlyDictionary<string, ModuleCall>> ListQueueModulesAsync(IReadOnlyCollection<string> queues)
    {
        var calls = await reads.ListOfEachAsync(
            StoreSql.SelectQueueModule, queues, static row => (Queue: row.Text(0), Call: StoreRows.ReadQueueCall(row)));
        return calls.ToDictionary(static pair => pair.Queue, static pair => pair.Call, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyDictionary<string, long>> ListQueueRunSizesAsync()
    {
        var sizes = await reads.ListAsync(
            StoreSql.SelectQueueRunSizes, static row => (Queue: row.Text(0), Bytes: row.Long(1)));
        return sizes.ToDictionary(static pair => pair.Queue, static pair => pair.Bytes, StringComparer.Ordinal);
    }

    /// <summary>Looks for a module, only among an owner's if one is given.</summary>
    public static void Query(IStatements statements, ModuleHash hash, TokenId? owner, Action<StoredModule> found)
    {
        var query = statements.Query(
            owner is null ? StoreSql.SelectModule : StoreSql.SelectModuleOfOwner,
            row => found(StoreRows.ReadModule(row)));
        query.With(hash.ToString());
        if (owner is { } known) query.With(known.Value);
    }
}
