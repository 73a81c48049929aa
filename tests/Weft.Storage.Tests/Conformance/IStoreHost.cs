using Weft.Core.Events;
using Weft.Core.Metrics;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

/// <summary>All that an engine tells the conformance suite about itself.</summary>
public interface IStoreHost : IAsyncDisposable
{
    /// <summary>
    /// What one owner may have in tasks: few enough, and few enough bytes, that tests meet the bounds.
    /// </summary>
    static readonly OwnerLoad OwnerMax = new(Tasks: 16, PayloadBytes: 90, StoredBytes: 16_000);

    /// <summary>What one owner may have besides.</summary>
    static readonly OwnerBounds OwnerBounds = new(Queues: 6, Groups: 4, Modules: 3, ModuleBytes: 100, BlobBytes: 200)
    {
        Blobs = 70,
    };

    /// <summary>Counts what the store commits.</summary>
    StoreMeter Meter { get; }

    /// <summary>Is told what the store commits.</summary>
    EventLog Events { get; }

    /// <summary>Opens the host's one store, new the first time; again after a dispose: as a restart would.</summary>
    Task<ITaskStore> OpenAsync();

    /// <summary>Moves the store's clock on by at least this much.</summary>
    Task AdvanceAsync(TimeSpan time);
}
