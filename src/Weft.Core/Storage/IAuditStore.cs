namespace Weft.Core.Storage;

/// <summary>Something that somebody did by hand.</summary>
/// <param name="Id">Ascending from 1, never reused by a store.</param>
/// <param name="Action">What: <c>queue.pause</c>.</param>
/// <param name="Subject">To what: a queue's name, an id, a hash.</param>
/// <param name="Detail">How, or how much; null for nothing more.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, BulkActor Actor, string Action, string Subject, string? Detail);

/// <param name="Entries">The newest first.</param>
/// <param name="Next">Where the next page goes on; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <summary>
/// Who did what, beside what it was done to: at most about <see cref="Limits.AuditKeptMax"/> entries, the newest.
/// Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IAuditStore
{
    /// <summary>Notes what was done; when it has answered, that is on disk.</summary>
    Task AddAsync(BulkActor actor, string action, string subject, string? detail);

    /// <param name="before">Only entries before this one; null starts at the newest.</param>
    /// <param name="limit">Entries at most.</param>
    Task<AuditPage> ListAsync(long? before, int limit);

    /// <summary>
    /// Deletes up to <paramref name="max"/> entries that are <paramref name="age"/> old, and says how many.
    /// </summary>
    Task<int> DeleteOldAsync(TimeSpan age, int max);
}
