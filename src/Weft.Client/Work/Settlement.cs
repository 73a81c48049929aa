using System.Net;
using System.Runtime.InteropServices;
using Weft.Contracts;

namespace Weft.Client.Work;

/// <summary>What there is to say about a task that was worked on.</summary>
/// <param name="Item">Null: nothing, since nobody wants to hear it.</param>
internal sealed record Settlement(HeldTask Held, SettleItem? Item)
{
    /// <summary>A result of more bytes has to travel alone.</summary>
    public const int SharedBytesMax = 1 << 20;

    /// <summary>What it adds to a request, about.</summary>
    public int Bytes { get; } = Item?.Result is { } result ? JsonMarshal.GetRawUtf8Value(result).Length : Item?.Error?.Length ?? 0;

    /// <summary>What became of it, by the coordinator's answer.</summary>
    public WorkerOutcome Outcome(ItemOutcome answer) => (answer.Status, Item!.Action) switch
    {
        (not (int)HttpStatusCode.OK, _) => WorkerOutcome.Dropped,
        (_, "complete") => WorkerOutcome.Completed,
        (_, "fail") => WorkerOutcome.Failed,
        _ => WorkerOutcome.Released,
    };

    /// <summary>The failure to report instead, when it was the result that the coordinator didn't like; null otherwise.</summary>
    public Settlement? Instead(ItemOutcome answer)
    {
        if (Item!.Action != "complete" || answer.Status is not ((int)HttpStatusCode.BadRequest or (int)HttpStatusCode.RequestEntityTooLarge)) return null;
        return this with { Item = Held.Fail($"Its result was refused: {answer.Detail}", mayRetry: true) };
    }
}
