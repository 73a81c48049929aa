using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage;

/// <summary>What every engine's store is opened with.</summary>
public abstract class StoreOptions
{
    /// <summary>The lease of tasks that don't say. Default: 60 s.</summary>
    public TimeSpan LeaseTimeDefault { get; init; } = Limits.LeaseTimeDefault;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>What one owner may have in tasks. Default: any number.</summary>
    public OwnerLoad OwnerMax { get; init; } = OwnerLoad.Any;

    /// <summary>What one owner may have besides. Default: any number.</summary>
    public OwnerBounds OwnerBounds { get; init; } = OwnerBounds.Any;

    /// <summary>
    /// Tosses the coin that decides whether an answer is checked: a number in [0, 1). Default: one that nobody can
    /// foresee.
    /// </summary>
    public Func<double> Coin { get; init; } =
        static () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>Counts what is committed. Default: one that nobody reads.</summary>
    public StoreMeter Meter { get; init; } = new(new("unread"));

    /// <summary>Is told what is committed. Default: one that nobody follows.</summary>
    public EventLog Events { get; init; } = new(TimeProvider.System);

    /// <summary>Which workers have which files.</summary>
    internal Engine.Locality Locality { get; } = new();

    /// <summary>Where workers go on to look for checks.</summary>
    internal Engine.CheckScans CheckScans { get; } = new();

    /// <summary>Operations that may wait for a writer; past this the store is overloaded. Default: 8,192.</summary>
    public int QueueMax { get; init; } = 8_192;

    /// <summary>Operations in one transaction. Default: 1,024.</summary>
    public int CommitMax { get; init; } = 1_024;

    /// <summary>Who was seen lately, as far as the store has it at hand.</summary>
    internal SeenWorkers Seen { get; } = new();
}
