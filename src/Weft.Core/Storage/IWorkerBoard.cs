using Weft.Core.Workers;

namespace Weft.Core.Storage;

/// <summary>
/// Shares the workers that each coordinator sees among the coordinators of a store. The data may be lost with the
/// database server: each coordinator then publishes it again. Each operation throws <see cref="StoreException"/> when
/// the store can't do it now.
/// </summary>
public interface IWorkerBoard
{
    /// <summary>
    /// Publishes the workers that this coordinator sees, replacing earlier data about the same workers. False: the
    /// board had no data of this coordinator, so that all its workers must be published again.
    /// </summary>
    /// <param name="changed">At most <see cref="Limits.WorkersPublishedMax"/>.</param>
    /// <param name="forgotten">Workers to remove.</param>
    /// <param name="now">The time, by the clock that recorded when workers were seen.</param>
    Task<bool> PublishAsync(IReadOnlyList<WorkerSighting> changed, IReadOnlyList<string> forgotten, DateTimeOffset now);

    /// <summary>
    /// The workers that the other coordinators see, each once, most recently seen first, by this coordinator's clock.
    /// </summary>
    Task<IReadOnlyList<WorkerSighting>> ListOthersAsync(int max, DateTimeOffset now);

    /// <summary>
    /// Removes workers that coordinators which have disappeared saw more than
    /// <see cref="Limits.WorkersOfGoneKeptTime"/> ago, and more than <paramref name="max"/> of them.
    /// </summary>
    Task ForgetGoneAsync(int max);
}
