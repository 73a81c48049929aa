using System.Diagnostics;
using Weft.Core.Tasks;

namespace Weft.Core.Tracing;

/// <summary>
/// The attempts that one transaction ends, for tasks whose submitters record their traces. They become spans on the
/// thread pool once the transaction is committed; never if it isn't, and none without an exporter.
/// </summary>
public sealed class PendingSpans
{
    private List<EndedAttempt> _ended = [];

    /// <summary>Adds a task's decision.</summary>
    public void Add(TaskRecord task, TaskCommand command, TaskRecord next, DateTimeOffset now)
    {
        if (task.Trace is not { IsSampled: true } || !AttemptSpans.AreWanted) return;
        if (task is not { Lease: { } lease, WorkerId: not null }) return;
        var outcome = command is TaskCommand.Complete
            ? AttemptOutcome.Completed
            : AttemptHistory.Ended(task, next, command, now)?.Outcome;
        if (outcome is not { } known) return;
        _ended.Add(new(task, lease.ClaimedAt, now, known) { Computed = command.ComputedWithin(now - lease.ClaimedAt) });
    }

    /// <summary>The transaction is committed.</summary>
    public void Keep()
    {
        if (_ended.Count == 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(AttemptSpans.Make, _ended, preferLocal: false);
        _ended = [];
    }

    /// <summary>The transaction is rolled back.</summary>
    public void Forget() => _ended.Clear();
}

/// <param name="Task">The task while the worker had it.</param>
/// <param name="ClaimedAt">When the worker claimed it.</param>
/// <param name="EndedAt">When the attempt ended.</param>
/// <param name="Outcome">How it ended.</param>
internal readonly record struct EndedAttempt(
    TaskRecord Task, DateTimeOffset ClaimedAt, DateTimeOffset EndedAt, AttemptOutcome Outcome)
{
    /// <summary>How long the worker computed, as it reported; null: not reported.</summary>
    public TimeSpan? Computed { get; init; }
}

/// <summary>
/// The coordinator's own spans: how long a task waited, and how long a worker had it. They are created from the stored
/// attempt when it ends, since another coordinator may have handled the claim. A browser exports no spans: if it
/// reports its compute time, the coordinator creates the span that other workers create themselves.
/// </summary>
public static class AttemptSpans
{
    public const string SourceName = "weft";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether spans are exported.</summary>
    public static bool AreWanted => Source.HasListeners();

    internal static void Make(List<EndedAttempt> ended)
    {
        foreach (var attempt in ended) Make(attempt);
    }

    private static void Make(EndedAttempt attempt)
    {
        var (task, claimedAt, endedAt, outcome) = attempt;
        var trace = task.Trace!;
        if (!ActivityContext.TryParse(trace.Parent, trace.State, isRemote: true, out var submitter)) return;
        var parent = trace.IsLink ? default : submitter;
        ActivityLink[]? links = trace.IsLink ? [new(submitter)] : null;
        Activity.Current = null;
        if (task.ReadyAt is { } readyAt && readyAt <= claimedAt)
        {
            using var wait = Source.StartActivity(
                $"wait {task.Queue}", ActivityKind.Internal, parent, TagsOf(task), links, readyAt);
            wait?.SetEndTime(claimedAt.UtcDateTime);
            // One trace for both, if it isn't the submitter's.
            if (trace.IsLink && wait is not null) parent = wait.Context;
        }

        using var span = Source.StartActivity(
            $"attempt {task.Queue}", ActivityKind.Internal, parent, TagsOf(task), links, claimedAt);
        span?.SetTag("weft.attempt.outcome", NameOf(outcome));
        if (outcome is not (AttemptOutcome.Completed or AttemptOutcome.Released))
        {
            span?.SetStatus(ActivityStatusCode.Error);
            span?.SetTag("error.type", NameOf(outcome));
        }

        span?.SetEndTime(endedAt.UtcDateTime);
        if (span is null || attempt.Computed is not { } computed) return;
        // The duration is the worker's, the time the coordinator's: the worker's clock can't be trusted.
        using var process = Source.StartActivity(
            $"process {task.Queue}", ActivityKind.Consumer, span.Context, TagsOf(task), links: null,
            endedAt - computed);
        process?.SetEndTime(endedAt.UtcDateTime);
    }

    // https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/, and our own.
    private static ActivityTagsCollection TagsOf(TaskRecord task)
    {
        var tags = new ActivityTagsCollection
        {
            ["messaging.system"] = "weft",
            ["messaging.destination.name"] = task.Queue,
            ["messaging.message.id"] = task.Id.ToString(),
            ["weft.attempt"] = task.Attempt,
            ["weft.worker.id"] = task.WorkerId,
        };
        if (task.Type is { } type) tags["weft.task.type"] = type;
        if (task.Group is { } group) tags["weft.group.id"] = group.Value;
        return tags;
    }

    private static string NameOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Completed => "completed",
        AttemptOutcome.Failed => "failed",
        AttemptOutcome.Lapsed => "lapsed",
        AttemptOutcome.Released => "released",
        AttemptOutcome.Cancelled => "cancelled",
        _ => "expired",
    };
}
