using Weft.Core.Tasks;
using Weft.Storage.Tests.Conformance;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// A host whose clock stands still between advances, so that the model knows the time of each decision.
/// </summary>
public interface IAuditedHost : IStoreHost
{
    DateTimeOffset Now { get; }

    RetryPolicy Retry { get; }

    TimeSpan LeaseTimeDefault { get; }

    /// <summary>What the coin shows that decides whether an answer is checked: 0 is a check.</summary>
    double Coin { get; set; }

    /// <summary>
    /// Looks into the closed store with other eyes than the engine's: is it sound, and are its counts those of its
    /// rows?
    /// </summary>
    void AssertSound();
}
