using Weft.Core.Storage;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The audit log, stored with the tasks: one backup has both.</summary>
internal sealed class AuditStore(TaskStore store, StoreReads reads) : IAuditStore
{
    public Task AddAsync(BulkActor actor, string action, string subject, string? detail) =>
        store.RunAsync(new AddAuditOperation(actor, action, subject, detail), Admission.Progress);

    public async Task<AuditPage> ListAsync(long? before, int limit)
    {
        var found = await reads.ListAsync(StoreSql.SelectAudit, Read, query =>
            query.With(before ?? long.MaxValue).With(limit + 1));
        return found.Count > limit ? new([.. found.Take(limit)], found[limit - 1].Id) : new(found, null);
    }

    public Task<int> DeleteOldAsync(TimeSpan age, int max) =>
        store.RunAsync(new DeleteOldAuditOperation(age, max), Admission.Progress);

    private static AuditEntry Read(IRow row) => new(
        row.Long(0), row.Time(1), new(StoreRows.ReadOwner(row, 2), row.TextOrNull(3)), row.Text(4), row.Text(5),
        row.TextOrNull(6));
}
