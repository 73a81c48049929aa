using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

/// <summary>All that an engine tells the conformance suite about itself.</summary>
public interface IStoreHost : IAsyncDisposable
{
    /// <summary>Opens the host's one store, new the first time; again after a dispose: as a restart would.</summary>
    Task<ITaskStore> OpenAsync();

    /// <summary>Moves the store's clock on by at least this much.</summary>
    Task AdvanceAsync(TimeSpan time);
}
