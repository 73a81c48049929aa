using Weft.Core.Matching;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>The offer in a worker's last claim: its queues, and which of their tasks it can run.</summary>
/// <param name="Queues">As it named them; if a claim has more than <see cref="Limits.WorkerOfferCharsMax"/>, the first
/// ones.</param>
/// <param name="Fit">Which tasks of these queues it may have.</param>
/// <param name="Network">The network of its request; null: its identity isn't proved.</param>
public sealed record WorkerOffer(IReadOnlyList<string> Queues, WorkerFit Fit, NetworkKey? Network = null)
{
    /// <summary>
    /// The offer of a claim, cut to a limited size: anyone can claim under any number of worker names.
    /// </summary>
    public static WorkerOffer Of(IReadOnlyList<string> queues, WorkerFit fit, NetworkKey? network = null)
    {
        var left = Limits.WorkerOfferCharsMax - fit.Capabilities.Text.Length;
        if (left < 0)
        {
            fit = fit with { Capabilities = Capabilities.None };
            left = Limits.WorkerOfferCharsMax;
        }

        return new([.. queues.TakeWhile(queue => (left -= queue.Length) >= 0)], fit, network);
    }

    /// <summary>Whether a claim makes the same offer.</summary>
    public bool IsOf(IReadOnlyList<string> queues, WorkerFit fit, NetworkKey? network = null)
    {
        if (Fit != fit || Network != network || Queues.Count != queues.Count) return false;
        for (var i = 0; i < queues.Count; i++)
        {
            if (Queues[i] != queues[i]) return false;
        }

        return true;
    }

    public bool Equals(WorkerOffer? other) => other is not null && IsOf(other.Queues, other.Fit, other.Network);

    public override int GetHashCode() => HashCode.Combine(Queues.Count, Fit);
}
