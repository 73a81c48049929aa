namespace Weft.Core.Storage;

/// <summary>What one minute was like.</summary>
/// <param name="Minute">Its begin.</param>
/// <param name="Queue">Which queue's; null: of all queues together.</param>
/// <param name="Numbers">The rates and then the levels that are watched, in their order.</param>
public sealed record StoredSample(DateTimeOffset Minute, string? Queue, IReadOnlyList<float> Numbers);

/// <summary>
/// What was watched, by the minute, so that a restart doesn't empty the plots. Each verb throws
/// <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface ISampleStore
{
    /// <summary>
    /// Stores minutes, and deletes what is older than <see cref="Limits.SamplesKeptTime"/>, or
    /// <see cref="Limits.QueueSamplesKeptTime"/>. A minute that is there already stays as it is.
    /// </summary>
    /// <param name="coordinator">Who has seen them: those that share a store each see their own part.</param>
    /// <param name="samples">The minutes.</param>
    Task AddAsync(string coordinator, IReadOnlyList<StoredSample> samples);

    /// <summary>All that the coordinator has stored and that is kept still, the oldest first.</summary>
    Task<IReadOnlyList<StoredSample>> ListAsync(string coordinator);
}
