using System.Text.Json;

namespace Weft.Contracts;

/// <summary>A task to submit. Null members take the coordinator's defaults.</summary>
/// <param name="Payload">Any JSON.</param>
/// <param name="Queue">1 to 64 letters, digits, dots, dashes, underscores.</param>
/// <param name="Type">The kind of work, up to 64 characters.</param>
/// <param name="Priority">−100 to 100; higher is claimed first.</param>
/// <param name="DelaySeconds">How long to wait before the first claim; excludes <paramref name="RunAt"/>.</param>
/// <param name="RunAt">The earliest time for the first claim; in the future.</param>
/// <param name="MaxAttempts">1 to 100.</param>
/// <param name="LeaseSeconds">1 to 86,400, unless the claim sets its own.</param>
/// <param name="ExpiresInSeconds">A task unfinished after this time becomes dead.</param>
/// <param name="Group">The id of a group.</param>
/// <param name="Requires">Labels that a worker must have, such as <c>simd</c> or <c>memory&gt;=4096</c>; up to
/// 8.</param>
/// <param name="Module">The hash of the module to run; null: the queue's, if it has one.</param>
/// <param name="Run">How to run it; null: as the queue says.</param>
/// <param name="Traceparent">The parent span of the work on it, by W3C Trace Context; null: the request's span.</param>
/// <param name="Verify">How to verify its result; null: as the queue says, otherwise it is accepted at once.</param>
public sealed record TaskRequest(
    JsonElement Payload, string? Queue = null, string? Type = null, int? Priority = null, double? DelaySeconds = null,
    DateTimeOffset? RunAt = null,
    int? MaxAttempts = null, double? LeaseSeconds = null, double? ExpiresInSeconds = null, long? Group = null,
    IReadOnlyList<string>? Requires = null,
    string? Module = null, ModuleRun? Run = null, string? Traceparent = null, Verify? Verify = null);

/// <param name="Id">The task that was stored, now or by the first request.</param>
public sealed record TaskCreated(long Id);

/// <param name="Tasks">Up to 1,000.</param>
public sealed record BatchRequest(IReadOnlyList<TaskRequest> Tasks);

/// <param name="Outcomes">One for each task, in order.</param>
public sealed record BatchOutcome(IReadOnlyList<SubmitOutcome> Outcomes);

/// <param name="Status">201: stored; 200: stored before under the same key; any other: refused.</param>
/// <param name="Id">Null when refused.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/> when refused.</param>
/// <param name="Detail">Human-readable.</param>
public sealed record SubmitOutcome(int Status, long? Id, string? Code, string? Detail);
