using System.Diagnostics;
using Weft.Client.Work;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>
/// The spans that the client makes, by OpenTelemetry's conventions for messaging: <c>send</c> for what is submitted,
/// <c>process</c> around a worker's handler. Where nobody listens to the source they cost nothing.
/// </summary>
public static class ClientSpans
{
    /// <summary>The source to listen to: <c>Weft.Client</c>.</summary>
    public const string SourceName = "Weft.Client";

    private const string Destination = "messaging.destination.name";
    private const string ErrorType = "error.type";
    private const string QueueDefault = "default";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// The <c>traceparent</c> of the submit that is going on; null for none. <see cref="HttpClient"/> would send one of
    /// its own activity below, which nobody records unless its source is listened to.
    /// </summary>
    internal static string? Sending =>
        Activity.Current is { Kind: ActivityKind.Producer, Source.Name: SourceName } span ? span.Id : null;

    /// <summary>Around a submit, whose request carries it.</summary>
    /// <param name="queue">Null: tasks of several.</param>
    /// <param name="count">How many tasks.</param>
    internal static Activity? Send(string? queue, int count)
    {
        var span = Source.StartActivity(queue is null ? "send" : $"send {queue}", ActivityKind.Producer);
        if (span is null) return null;
        Tag(span, queue);
        if (count != 1) span.SetTag("messaging.batch.message_count", count);
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
        ActivityContext submitter = default;
        if (task.Trace is { } trace)
            _ = ActivityContext.TryParse(trace.Parent, trace.State, isRemote: true, out submitter);
        var isChild = task.Trace is { Relation: "child" };
        // Not a child of whatever was going on when the worker was started.
        Activity.Current = null;
        var span = Source.StartActivity(
            $"process {task.Queue}", ActivityKind.Consumer, isChild ? submitter : default, tags: null,
            isChild || submitter == default ? null : [new(submitter)]);
        if (span is null) return null;
        Tag(span, task.Queue);
        span.SetTag("messaging.message.id", task.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        span.SetTag("weft.attempt", task.Attempt);
        if (task.Type is { } type) span.SetTag("weft.task.type", type);
        return span;
    }

    /// <summary>What the worker has to say about the task.</summary>
    internal static void End(Activity? span, Settlement? said)
    {
        if (span is null || said?.Item is not { Action: "fail" }) return;
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag(ErrorType, "failed");
    }

    private static void Tag(Activity span, string? queue)
    {
        span.SetTag("messaging.system", "weft");
        span.SetTag("messaging.operation.type", span.Kind == ActivityKind.Producer ? "send" : "process");
        if (queue is not null) span.SetTag(Destination, queue);
    }
}
