using Weft.Core.Workers;

namespace Weft.Core.Storage;

/// <summary>
/// Where coordinators that share a store tell each other which workers they see. What is told may be lost with the
/// server: each tells it anew. Each verb throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IWorkerBoard
{
    /// <summary>
    /// Puts up what this coordinator sees, in place of what it put up before for the same workers. False: the board
    /// knew nothing of this coordinator, so that all it sees must be put up again.
    /// </summary>
    /// <param name="changed">At most <see cref="Limits.WorkersPublishedMax"/>.</param>
    /// <param name="forgotten">Workers whose sightings go.</param>
    /// <param name="now">The time by the clock that the sightings go by.</param>
    Task<bool> PublishAsync(IReadOnlyList<WorkerSighting> changed, IReadOnlyList<string> forgotten, DateTimeOffset now);

    /// <summary>What the others see, each worker once, the last seen first, by this coordinator's clock.</summary>
    Task<IReadOnlyList<WorkerSighting>> ListOthersAsync(int max, DateTimeOffset now);

    /// <summary>
    /// Takes down what coordinators that are gone saw more than <see cref="Limits.WorkersOfGoneKeptTime"/> ago, and
    /// what is more than <paramref name="max"/> of it.
    /// </summary>
    Task ForgetGoneAsync(int max);
}
