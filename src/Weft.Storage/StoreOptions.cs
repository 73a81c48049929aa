using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage;

/// <summary>The options that every engine's store has.</summary>
public abstract class StoreOptions
{
    /// <summary>The default lease of tasks. Default: 60 s.</summary>
    public TimeSpan LeaseTimeDefault { get; init; } = Limits.LeaseTimeDefault;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>The limits of one owner's tasks. Default: none.</summary>
    public OwnerLoad OwnerMax { get; init; } = OwnerLoad.Any;

    /// <summary>The other limits of one owner. Default: none.</summary>
    public OwnerBounds OwnerBounds { get; init; } = OwnerBounds.Any;

    /// <summary>
    /// The random number in [0, 1) that decides whether an answer is checked. Default: unpredictable.
    /// </summary>
    public Func<double> Coin { get; init; } =
        static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>Counts commits. Default: a meter that isn't read.</summary>
    public StoreMeter Meter { get; init; } = new(new("unread"));

    /// <summary>Receives events of commits. Default: a log without followers.</summary>
    public EventLog Events { get; init; } = new(TimeProvider.System);

    /// <summary>Which workers have which files.</summary>
    internal Engine.Locality Locality { get; } = new();

    /// <summary>Where workers continue to look for checks.</summary>
    internal Engine.CheckScans CheckScans { get; } = new();

    /// <summary>Operations that may wait for a writer; above this the store is overloaded. Default: 8,192.</summary>
    public int QueueMax { get; init; } = 8_192;

    /// <summary>Operations in one transaction. Default: 1,024.</summary>
    public int CommitMax { get; init; } = 1_024;

    /// <summary>The workers seen recently, as far as the store has them cached.</summary>
    internal SeenWorkers Seen { get; } = new();
}
