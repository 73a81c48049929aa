namespace Weft.Contracts;

/// <summary>A manual action.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Action"> One of <c>task.cancel</c>, <c>task.retry</c>, <c>queue.pause</c>, <c>queue.resume</c>,
/// <c>queue.purge</c>, <c>module.delete</c>, <c>token.create</c>, <c>token.revoke</c>, <c>operation.start</c> or
/// <c>operation.stop</c>.
/// </param>
/// <param name="Subject">The subject: an id, a queue's name, or a module's hash.</param>
/// <param name="Detail">Details, such as a count; null for none.</param>
/// <param name="Actor">The token's name or number, or <c>open</c> if no tokens are required.</param>
/// <param name="TokenId">The token; null if none is required.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, string Action, string Subject, string? Detail, string Actor, long? TokenId);

/// <param name="Entries">Newest first.</param>
/// <param name="Next">The <c>after</c> for the next page; null at the end.</param>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries, string? Next);
