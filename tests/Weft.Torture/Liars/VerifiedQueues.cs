namespace Weft.Torture.Liars;

/// <summary>The queues of a store with liars.</summary>
internal static class VerifiedQueues
{
    /// <summary>Every result is checked.</summary>
    public const string All = "all";

    /// <summary>Workers' names decide.</summary>
    public const string Adaptive = "adaptive";
}
