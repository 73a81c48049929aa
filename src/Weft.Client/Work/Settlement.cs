using System.Globalization;
using System.Net;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>The outcome to report for a task.</summary>
/// <param name="Item">Null: nothing, since the lease is lost.</param>
internal sealed record Settlement(HeldTask Held, SettleItem? Item)
{
    /// <summary>A larger result needs a request of its own.</summary>
    public const int SharedBytesMax = 1 << 20;

    /// <summary>About how many bytes it adds to a request.</summary>
    public int Bytes { get; } = Item?.Result is { } result ? WireText.Length(result) : Item?.Error?.Length ?? 0;

    /// <summary>The reason of a failure or release, human-readable; null otherwise.</summary>
    public string? Reason { get; init; } = Item?.Error;

    /// <summary>The same item with the run time; a release has none.</summary>
    public Settlement After(TimeSpan ran) =>
        Item?.Action is "complete" or "fail" ? With(Item with { RunMs = ran.TotalMilliseconds }) : this;

    /// <summary>The same item for a coordinator that doesn't know the run time.</summary>
    public Settlement WithoutTime() => Item?.RunMs is null ? this : With(Item with { RunMs = null });

    /// <summary>The outcome of the attempt, according to the coordinator's response.</summary>
    public WorkerOutcome Outcome(ItemOutcome answer) => (answer.Status, Item!.Action) switch
    {
        (not (int)HttpStatusCode.OK, _) => WorkerOutcome.Dropped,
        (_, "complete") => WorkerOutcome.Completed,
        (_, "fail") => WorkerOutcome.Failed,
        _ => WorkerOutcome.Released,
    };

    /// <summary>The outcome if the request about only this task was refused or could not be delivered.</summary>
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

    /// <summary>The failure to report instead if the result itself was rejected; null otherwise.</summary>
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
