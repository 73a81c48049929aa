using System.Text.Json;

namespace Weft.Contracts;

/// <summary>A worker asks for tasks. Members that are null take the coordinator's defaults.</summary>
/// <param name="WorkerId">1 to 128 characters.</param>
/// <param name="Queues">Up to 32.</param>
/// <param name="Max">1 to 1,000 tasks.</param>
/// <param name="Wait">0 to 25 seconds that the answer may be held back while there is nothing.</param>
/// <param name="LeaseSeconds">1 to 86,400; null: as each task says.</param>
/// <param name="Capabilities">What the worker has, such as <c>simd</c> or <c>memory=8192</c>; up to 32 labels.</param>
/// <param name="ModulesOnly">True: only tasks that have a module.</param>
/// <param name="WorkerKey">Proves who the worker is; null: it gets no task whose result is verified.</param>
public sealed record ClaimRequest(
    string WorkerId, IReadOnlyList<string>? Queues = null, int? Max = null, double? Wait = null,
    double? LeaseSeconds = null, IReadOnlyList<string>? Capabilities = null,
    bool? ModulesOnly = null, string? WorkerKey = null);

/// <param name="Tasks">Empty when there was nothing.</param>
/// <param name="Paused">After a wait for nothing: queues of the claim that are paused; null for none.</param>
/// <param name="Unknown">After a wait for nothing: queues of the claim that hold no task in any state, and aren't
/// paused; null for none.</param>
public sealed record ClaimOutcome(IReadOnlyList<ClaimedTask> Tasks, IReadOnlyList<string>? Paused = null,
    IReadOnlyList<string>? Unknown = null);

/// <param name="LeaseToken">16 hex digits that prove the claim.</param>
/// <param name="LeaseSeconds">How long the task stays the worker's without a heartbeat.</param>
/// <param name="Attempt">1 for the first claim.</param>
/// <param name="Checkpoint">What an earlier attempt left; null for nothing.</param>
/// <param name="Module">The hash of the module to run; null: the worker knows what to do.</param>
/// <param name="Run">How; null: as the defaults say.</param>
/// <param name="Submitter">
/// Where there is a module: the same for tasks that came with one token, and different for those of others; null: it
/// came without one. Whoever runs strangers' modules keeps tasks of different submitters apart.
/// </param>
/// <param name="Trace">The trace that it was submitted in; null for none.</param>
/// <param name="Verified">True: others may answer it, too, and the answers are compared; else null.</param>
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
/// since it came for many tasks at once, or the task was submitted for later.</param>
public sealed record TaskTrace(string Parent, string? State, string Relation);

/// <summary>What a worker says about one of its tasks.</summary>
/// <param name="Action"><c>complete</c>, <c>fail</c>, <c>release</c> or <c>heartbeat</c>; null where the path says it,
/// as <paramref name="Id"/>.</param>
/// <param name="Result">For complete: any JSON.</param>
/// <param name="Error">For fail: the first 4,096 characters are kept.</param>
/// <param name="Retry">For fail: false for a failure that no further attempt can mend.</param>
/// <param name="DelaySeconds">For release.</param>
/// <param name="LeaseSeconds">For heartbeat: the lease from now on.</param>
/// <param name="Progress">For heartbeat: 0 to 1.</param>
/// <param name="Checkpoint">For heartbeat: any JSON up to 64 KiB.</param>
/// <param name="Outputs">For complete: up to 64 files that were pushed under the lease; null for none.</param>
/// <param name="RunMs">For complete and fail: how long the worker computed, in milliseconds; null: not told.</param>
public sealed record SettleItem(
    string LeaseToken, string? Action = null, long? Id = null, JsonElement? Result = null, string? Error = null,
    bool? Retry = null,
    double? DelaySeconds = null, double? LeaseSeconds = null, double? Progress = null, JsonElement? Checkpoint = null,
    string? WorkerId = null, IReadOnlyList<TaskOutput>? Outputs = null,
    double? RunMs = null);

/// <param name="Items">Up to 1,000, each by itself.</param>
/// <param name="Claim">The next tasks to claim afterwards; null for none.</param>
/// <param name="WorkerId">Null: the claim's.</param>
public sealed record SettleRequest(IReadOnlyList<SettleItem>? Items = null, ClaimRequest? Claim = null,
    string? WorkerId = null);

/// <param name="Outcomes">One for each item, in order.</param>
/// <param name="Tasks">Null when none were asked for.</param>
public sealed record SettleOutcome(IReadOnlyList<ItemOutcome> Outcomes, IReadOnlyList<ClaimedTask>? Tasks);

/// <param name="Status">200: done; any other: refused.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/> when refused.</param>
/// <param name="Detail">For people.</param>
/// <param name="LeaseExpiresAt">After a heartbeat: when the task goes to others, unless there is another one. Null
/// after anything else.</param>
public sealed record ItemOutcome(int Status, string? Code, string? Detail, DateTimeOffset? LeaseExpiresAt = null);
