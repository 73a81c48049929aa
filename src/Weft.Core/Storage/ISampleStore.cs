namespace Weft.Core.Storage;

/// <summary>The metrics of one minute.</summary>
/// <param name="Minute">The start of the minute.</param>
/// <param name="Queue">The queue; null: all queues together.</param>
/// <param name="Numbers">The rates and then the levels, in their fixed order.</param>
public sealed record StoredSample(DateTimeOffset Minute, string? Queue, IReadOnlyList<float> Numbers);

/// <summary>
/// The history of metrics by the minute, so that plots survive a restart. Each operation throws
/// <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface ISampleStore
{
    /// <summary>
    /// Stores minutes, and deletes those older than <see cref="Limits.SamplesKeptTime"/>, or
    /// <see cref="Limits.QueueSamplesKeptTime"/>. A minute that is already stored stays as it is.
    /// </summary>
    /// <param name="coordinator">The coordinator that recorded them: those that share a store each see their own
    /// part.</param>
    /// <param name="samples">The minutes.</param>
    Task AddAsync(string coordinator, IReadOnlyList<StoredSample> samples);

    /// <summary>The coordinator's stored minutes, oldest first.</summary>
    Task<IReadOnlyList<StoredSample>> ListAsync(string coordinator);
}
