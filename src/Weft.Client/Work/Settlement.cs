using System.Globalization;
using System.Net;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>What there is to say about a task that was worked on.</summary>
/// <param name="Item">Null: nothing, since nobody wants to hear it.</param>
internal sealed record Settlement(HeldTask Held, SettleItem? Item)
{
    /// <summary>A result of more bytes has to travel alone.</summary>
    public const int SharedBytesMax = 1 << 20;

    /// <summary>What it adds to a request, about.</summary>
    public int Bytes { get; } = Item?.Result is { } result ? WireText.Length(result) : Item?.Error?.Length ?? 0;

    /// <summary>Why it is a failure or a release, for people; null where there is none.</summary>
    public string? Reason { get; init; } = Item?.Error;

    /// <summary>The same with how long it took; a release doesn't say.</summary>
    public Settlement After(TimeSpan ran) =>
        Item?.Action is "complete" or "fail" ? With(Item with { RunMs = ran.TotalMilliseconds }) : this;

    /// <summary>The same for a coordinator that knows of no such time.</summary>
    public Settlement WithoutTime() => Item?.RunMs is null ? this : With(Item with { RunMs = null });

    /// <summary>What became of it, by the coordinator's answer.</summary>
    public WorkerOutcome Outcome(ItemOutcome answer) => (answer.Status, Item!.Action) switch
    {
        (not (int)HttpStatusCode.OK, _) => WorkerOutcome.Dropped,
        (_, "complete") => WorkerOutcome.Completed,
        (_, "fail") => WorkerOutcome.Failed,
        _ => WorkerOutcome.Released,
    };

    /// <summary>What it means that the request about it alone was refused, or could not be delivered.</summary>
    public ItemOutcome Refused(WeftException refused) =>
        new((int)(refused.Status ?? HttpStatusCode.ServiceUnavailable), refused.Code, refused switch
    {
        { Code: null, IsTooLarge: true } =>
            string.Create(CultureInfo.InvariantCulture,
                $"A proxy in front of the coordinator rejected its {Bytes} bytes (413): check the proxy's limit, " +
                $"such as nginx's client_max_body_size."),
        { Code: null } =>
            string.Create(CultureInfo.InvariantCulture,
                $"Its {Bytes} bytes could not be delivered, though the coordinator answers: {refused.Message}"),
        _ => refused.Message,
    });

    /// <summary>The failure to report instead, when it was the result that wasn't liked; null otherwise.</summary>
    public Settlement? Instead(ItemOutcome answer)
    {
        if (Item!.Action != "complete" || answer.Status == (int)HttpStatusCode.OK) return null;
        if (answer.Code
            is not (null or ProblemCodes.InvalidRequest or ProblemCodes.PayloadTooLarge or ProblemCodes.InternalError
            or ProblemCodes.BlobNotFound))
        {
            return null;
        }
        return new(Held, Held.Fail($"The result was rejected: {answer.Detail}", mayRetry: true));
    }

    private Settlement With(SettleItem item) => this with { Item = item };
}
