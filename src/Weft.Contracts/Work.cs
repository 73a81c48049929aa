using System.Text.Json;

namespace Weft.Contracts;

/// <summary>A worker's request for tasks. Null members take the coordinator's defaults.</summary>
/// <param name="WorkerId">1 to 128 characters.</param>
/// <param name="Queues">Up to 32.</param>
/// <param name="Max">1 to 1,000 tasks.</param>
/// <param name="Wait">How long to hold the response while there are no tasks, 0 to 25 seconds.</param>
/// <param name="LeaseSeconds">1 to 86,400; null: as each task says.</param>
/// <param name="Capabilities">The worker's capabilities, such as <c>simd</c> or <c>memory=8192</c>; up to 32
/// labels.</param>
/// <param name="ModulesOnly">True: only tasks that have a module.</param>
/// <param name="WorkerKey">Identifies the worker; null: it gets no task whose result is verified.</param>
public sealed record ClaimRequest(
    string WorkerId, IReadOnlyList<string>? Queues = null, int? Max = null, double? Wait = null,
    double? LeaseSeconds = null, IReadOnlyList<string>? Capabilities = null,
    bool? ModulesOnly = null, string? WorkerKey = null);

/// <param name="Tasks">Empty if there were none.</param>
/// <param name="Paused">After a wait without tasks: the claim's queues that are paused; null for none.</param>
/// <param name="Unknown">After a wait without tasks: the claim's queues that hold no tasks in any state and aren't
/// paused; null for none.</param>
public sealed record ClaimOutcome(IReadOnlyList<ClaimedTask> Tasks, IReadOnlyList<string>? Paused = null,
    IReadOnlyList<string>? Unknown = null);

/// <param name="LeaseToken">16 hex digits that prove the claim.</param>
/// <param name="LeaseSeconds">How long the lease lasts without a heartbeat.</param>
/// <param name="Attempt">1 for the first claim.</param>
/// <param name="Checkpoint">The checkpoint of an earlier attempt; null for none.</param>
/// <param name="Module">The hash of the module to run; null for none.</param>
/// <param name="Run">How to run it; null for the defaults.</param>
/// <param name="Submitter"> With a module: the same value for all tasks submitted with one token, a different one for
/// those of another token; null if it was submitted without a token. A worker that runs untrusted modules must keep
/// tasks of different submitters apart.
/// </param>
/// <param name="Trace">The trace that it was submitted in; null for none.</param>
/// <param name="Verified">True: others may compute it as well, and the answers are compared; otherwise null.</param>
public sealed record ClaimedTask(
    long Id, string Queue, string? Type, int Attempt, string LeaseToken, double LeaseSeconds,
    DateTimeOffset LeaseExpiresAt,
    JsonElement Payload, JsonElement? Checkpoint,
    string? Module = null, ModuleRun? Run = null, string? Submitter = null, TaskTrace? Trace = null,
    bool? Verified = null);

/// <summary>The trace that a task was submitted in, by W3C Trace Context.</summary>
/// <param name="Parent">A <c>traceparent</c> of version 00.</param>
/// <param name="State">A <c>tracestate</c>; null for none.</param>
/// <param name="Relation"><c>child</c>: work on the task is a child of that span; <c>link</c>: it only links to it,
/// since the span covers many tasks or the task was submitted for later.</param>
public sealed record TaskTrace(string Parent, string? State, string Relation);

/// <summary>A worker's report on one of its tasks.</summary>
/// <param name="Action"><c>complete</c>, <c>fail</c>, <c>release</c> or <c>heartbeat</c>; null if the path says it,
/// like <paramref name="Id"/>.</param>
/// <param name="Result">For complete: any JSON.</param>
/// <param name="Error">For fail: the first 4,096 characters are kept.</param>
/// <param name="Retry">For fail: false if no further attempt can succeed.</param>
/// <param name="DelaySeconds">For release.</param>
/// <param name="LeaseSeconds">For heartbeat: the lease from now on.</param>
/// <param name="Progress">For heartbeat: 0 to 1.</param>
/// <param name="Checkpoint">For heartbeat: any JSON up to 64 KiB.</param>
/// <param name="Outputs">For complete: up to 64 files that were pushed under the lease; null for none.</param>
/// <param name="RunMs">For complete and fail: how long the worker computed, in milliseconds; null: not
/// reported.</param>
public sealed record SettleItem(
    string LeaseToken, string? Action = null, long? Id = null, JsonElement? Result = null, string? Error = null,
    bool? Retry = null,
    double? DelaySeconds = null, double? LeaseSeconds = null, double? Progress = null, JsonElement? Checkpoint = null,
    string? WorkerId = null, IReadOnlyList<TaskOutput>? Outputs = null,
    double? RunMs = null);

/// <param name="Items">Up to 1,000, each handled separately.</param>
/// <param name="Claim">The next tasks to claim afterwards; null for none.</param>
/// <param name="WorkerId">Null: the claim's.</param>
public sealed record SettleRequest(IReadOnlyList<SettleItem>? Items = null, ClaimRequest? Claim = null,
    string? WorkerId = null);

/// <param name="Outcomes">One for each item, in order.</param>
/// <param name="Tasks">Null if none were requested.</param>
public sealed record SettleOutcome(IReadOnlyList<ItemOutcome> Outcomes, IReadOnlyList<ClaimedTask>? Tasks);

/// <param name="Status">200: done; any other: refused.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/> when refused.</param>
/// <param name="Detail">Human-readable.</param>
/// <param name="LeaseExpiresAt">After a heartbeat: when the lease expires unless it is renewed. Otherwise null.</param>
public sealed record ItemOutcome(int Status, string? Code, string? Detail, DateTimeOffset? LeaseExpiresAt = null);
