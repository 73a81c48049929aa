namespace Weft.Contracts;

/// <summary>Something that somebody did by hand.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Action">
/// What: <c>task.cancel</c>, <c>task.retry</c>, <c>queue.pause</c>, <c>queue.resume</c>, <c>queue.purge</c>,
/// <c>module.delete</c>, <c>token.create</c>, <c>token.revoke</c>, <c>operation.start</c> or <c>operation.stop</c>.
/// </param>
/// <param name="Subject">To what: an id, a queue's name, or a module's hash.</param>
/// <param name="Detail">How, or how much; null for nothing more.</param>
/// <param name="Actor">Who: the token's name or number, or <c>open</c> where no tokens are asked for.</param>
/// <param name="TokenId">The token; null where none was asked for.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, string Action, string Subject, string? Detail, string Actor, long? TokenId);

/// <param name="Entries">The newest first.</param>
/// <param name="Next">What <c>after</c> of the next page is; null at the end.</param>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries, string? Next);
