namespace Weft.Core.Storage;

/// <summary>A manual action.</summary>
/// <param name="Id">Ascending from 1, never reused by a store.</param>
/// <param name="Action">The action, such as <c>queue.pause</c>.</param>
/// <param name="Subject">The subject: a queue's name, an id, a hash.</param>
/// <param name="Detail">Details, such as a count; null for none.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, BulkActor Actor, string Action, string Subject, string? Detail);

/// <param name="Entries">Newest first.</param>
/// <param name="Next">Where the next page starts; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <summary>
/// The audit log, stored with the data that it is about: the newest entries, at most about
/// <see cref="Limits.AuditKeptMax"/>. Each operation throws <see cref="StoreException"/> when the store can't do it
/// now.
/// </summary>
public interface IAuditStore
{
    /// <summary>Adds an entry; it is on disk when the call returns.</summary>
    Task AddAsync(BulkActor actor, string action, string subject, string? detail);

    /// <param name="before">Only entries before this one; null starts at the newest.</param>
    /// <param name="limit">Maximum number of entries.</param>
    Task<AuditPage> ListAsync(long? before, int limit);

    /// <summary>
    /// Deletes up to <paramref name="max"/> entries that are <paramref name="age"/> old, and returns their number.
    /// </summary>
    Task<int> DeleteOldAsync(TimeSpan age, int max);
}
