using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The files that tasks name, in the tables of the modules.</summary>
internal sealed class BlobStore(TaskStore store, StoreReads reads) : IBlobStore
{
    private long _afterSet = long.MinValue;
    private long _afterBlob;

    public Task<BlobBegun> BeginAsync(
        ModuleHash hash, long size, TokenId? owner, long storeBytesMax, OutputShare? output = null) =>
        store.RunAsync(new BeginBlobOperation(hash, size, owner, storeBytesMax, output), AdmissionOf(output));

    public Task<bool> AppendAsync(ModuleUploadId upload, int index, ReadOnlyMemory<byte> chunks) =>
        store.RunAsync(new AppendBlobOperation(upload, index, chunks), Admission.NewWork);

    public Task<int?> ReadUploadedAsync(ModuleUploadId upload, int index, byte[] into) =>
        reads.FindAsync<int?>((statements, found) => statements
            .Query(StoreSql.SelectUploadedChunk, row => found(row.Copy(0, into)))
            .With(upload.Value)
            .With(index));

    public Task<StoredModule?> SealAsync(
        ModuleUploadId upload, ModuleHash hash, TokenId? owner, bool isOutput = false) =>
        store.RunAsync(new SealBlobOperation(upload, hash, owner, isOutput), Admission.Progress);

    // There is no upload to seal.
    public Task<StoredModule?> KeepAsync(ModuleHash hash, TokenId? owner, bool isOutput = false) =>
        store.RunAsync(new SealBlobOperation(default, hash, owner, isOutput), Admission.Progress);

    public Task DropAsync(ModuleUploadId upload) =>
        store.RunAsync(new DropBlobOperation(upload), Admission.Progress);

    public Task<StoredModule?> FindAsync(ModuleHash hash, TokenId? owner = null) =>
        reads.FindAsync<StoredModule>((statements, found) => ModuleStore.Query(statements, hash, owner, found));

    public Task<IReadOnlyList<(long Number, StoredModule Blob)>> ListAsync(TokenId? owner, long after, int limit) =>
        owner is { } known
            ? reads.ListAsync(StoreSql.SelectBlobsOfOwner, Read,
                query => query.With(known.Value).With(after).With(limit))
            : reads.ListAsync(StoreSql.SelectBlobs, Read, query => query.With(after).With(limit));

    public Task<ModuleDeletion> DeleteAsync(ModuleHash hash, TokenId? owner = null) =>
        store.RunAsync(new DeleteModuleOperation(hash, owner, isFile: true), Admission.Progress);

    public async Task<int> CleanAsync(TimeSpan age, int chunksMax)
    {
        var clean = new CleanBlobsOperation(age, chunksMax, _afterSet, _afterBlob);
        var chunks = await store.RunAsync(clean, Admission.Progress);
        // Round and round: there may be as many sets as tasks.
        _afterSet = clean.LastSet ?? long.MinValue;
        _afterBlob = clean.LastBlob ?? 0;
        return chunks;
    }

    // What a worker brings ends a task, which makes room.
    private static Admission AdmissionOf(OutputShare? output) =>
        output is null ? Admission.NewWork : Admission.Progress;

    private static (long Number, StoredModule Blob) Read<TRow>(TRow row)
        where TRow : IRow => (row.Long(6), StoreRows.ReadModule(row));
}
