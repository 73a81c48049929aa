using System.Diagnostics;
using Weft.Client.Work;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>
/// The spans that the client creates, by OpenTelemetry's conventions for messaging: <c>send</c> for a submit,
/// <c>receive</c> for a claim, <c>process</c> around a worker's handler, and <c>settle</c> for its report. Without a
/// listener on the source they cost nothing.
/// </summary>
public static class ClientSpans
{
    /// <summary>The source to listen to: <c>Weft.Client</c>.</summary>
    public const string SourceName = "Weft.Client";

    private const string Destination = "messaging.destination.name";
    private const string BatchCount = "messaging.batch.message_count";
    private const string ErrorType = "error.type";
    private const string QueueDefault = "default";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// The <c>traceparent</c> of the current submit; null for none. <see cref="HttpClient"/> would send the one of its
    /// own inner activity, which isn't recorded unless its source has a listener.
    /// </summary>
    internal static string? Sending =>
        Activity.Current is { Kind: ActivityKind.Producer, Source.Name: SourceName } span ? span.Id : null;

    /// <summary>Around a submit; its request carries the span.</summary>
    /// <param name="queue">Null: the tasks are for several queues.</param>
    /// <param name="count">How many tasks.</param>
    internal static Activity? Send(string? queue, int count)
    {
        var span = Source.StartActivity(queue is null ? "send" : $"send {queue}", ActivityKind.Producer);
        if (span is null) return null;
        Tag(span, queue, "send");
        if (count != 1) span.SetTag(BatchCount, count);
        return span;
    }

    /// <summary>A submit of one task.</summary>
    internal static Activity? Send(TaskRequest task) => Send(task.Queue ?? QueueDefault, count: 1);

    /// <summary>The submit failed.</summary>
    internal static void Fail(Activity? span, WeftException failure)
    {
        span?.SetStatus(ActivityStatusCode.Error);
        span?.SetTag(ErrorType, failure.Code ?? failure.Trouble.ToString());
    }

    /// <summary>Around a handler: a child of the span that the task was submitted in, or linked to it.</summary>
    internal static Activity? Process(ClaimedTask task)
    {
        if (!Source.HasListeners()) return null;
        var submitter = SubmitterOf(task);
        var isChild = task.Trace is { Relation: "child" };
        // Not a child of the activity in which the worker was started.
        Activity.Current = null;
        var span = Source.StartActivity(
            $"process {task.Queue}", ActivityKind.Consumer, isChild ? submitter : default, tags: null,
            isChild || submitter == default ? null : [new(submitter)]);
        if (span is null) return null;
        Tag(span, task.Queue, "process");
        TagId(span, task);
        span.SetTag("weft.attempt", task.Attempt);
        if (task.Type is { } type) span.SetTag("weft.task.type", type);
        return span;
    }

    /// <summary>Around a worker's report on one task.</summary>
    internal static void End(Activity? span, Settlement? said)
    {
        if (span is null || said?.Item is not { Action: "fail" }) return;
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag(ErrorType, "failed");
    }

    /// <summary>
    /// Around a claim, if a submitter records any of its tasks: a child of the submitter's span for a single task,
    /// otherwise linked to all of their spans.
    /// </summary>
    /// <param name="tasks">The tasks that the claim returned.</param>
    /// <param name="asked">When the claim was sent.</param>
    internal static void Receive(IReadOnlyList<ClaimedTask> tasks, DateTimeOffset asked)
    {
        if (tasks.Count == 0 || !Source.HasListeners()) return;
        var isChild = tasks is [{ Trace.Relation: "child" }];
        using var span = About("receive", tasks, [.. tasks.Select(SubmitterOf)], isChild, asked);
    }

    /// <summary>
    /// Around a report on several tasks, if any of them is recorded; parent and links as for a claim.
    /// </summary>
    internal static Activity? Settle(IReadOnlyList<HeldTask> tasks) => Source.HasListeners()
        ? About("settle", [.. tasks.Select(static held => held.Task)], [.. tasks.Select(static held => held.Span)],
            isChild: tasks.Count == 1, startTime: default)
        : null;

    private static Activity? About(string operation, IReadOnlyList<ClaimedTask> tasks,
        IReadOnlyList<ActivityContext> contexts, bool isChild, DateTimeOffset startTime)
    {
        ActivityLink[] recorded =
        [
            .. contexts.Where(static context => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
                .Select(static context => new ActivityLink(context)),
        ];
        if (recorded.Length == 0) return null;
        var queue = tasks.All(task => task.Queue == tasks[0].Queue) ? tasks[0].Queue : null;
        var span = Source.StartActivity(
            queue is null ? operation : $"{operation} {queue}", ActivityKind.Client,
            isChild ? recorded[0].Context : default, tags: null, isChild ? null : recorded, startTime);
        if (span is null) return null;
        Tag(span, queue, operation);
        if (tasks.Count == 1) TagId(span, tasks[0]);
        else span.SetTag(BatchCount, tasks.Count);
        return span;
    }

    private static ActivityContext SubmitterOf(ClaimedTask task) =>
        task.Trace is { } trace
            && ActivityContext.TryParse(trace.Parent, trace.State, isRemote: true, out var submitter)
            ? submitter
            : default;

    private static void TagId(Activity span, ClaimedTask task) =>
        span.SetTag("messaging.message.id", task.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static void Tag(Activity span, string? queue, string operation)
    {
        span.SetTag("messaging.system", "weft");
        span.SetTag("messaging.operation.type", operation);
        if (queue is not null) span.SetTag(Destination, queue);
    }
}
