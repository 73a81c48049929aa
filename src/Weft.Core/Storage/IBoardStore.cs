using Weft.Core.Verification;

namespace Weft.Core.Storage;

/// <summary>A volunteer on the board.</summary>
/// <param name="Identity">Whose key gave the name.</param>
/// <param name="Name">For people; null: the operator took it off, and this worker gives no other.</param>
/// <param name="Since">When it was given first.</param>
/// <param name="SeenAt">When something was computed under it last; else when it was given.</param>
/// <param name="Tasks">Results that were taken since then.</param>
/// <param name="Computed">How long they took.</param>
public sealed record NamedWorker(
    IdentityId Identity, string? Name, DateTimeOffset Since, DateTimeOffset SeenAt, long Tasks, TimeSpan Computed);

/// <summary>What a worker has done besides.</summary>
public readonly record struct WorkDone(IdentityId Identity, long Tasks, TimeSpan Computed);

/// <summary>
/// The names that volunteers gave, at most <see cref="Limits.BoardNamesMax"/>, and what they have done. Each verb
/// throws <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IBoardStore
{
    /// <summary>
    /// Gives a worker a name, or another one. Where there are too many, the worker goes that has done nothing or is
    /// longest unseen.
    /// </summary>
    /// <returns>False: the operator took this worker's name off.</returns>
    Task<bool> SetNameAsync(IdentityId worker, string name);

    /// <summary>Deletes a worker's name, and what was counted; one that the operator took off stays off.</summary>
    Task ForgetAsync(IdentityId worker);

    /// <summary>Takes a worker's name off, for good. False: there is none.</summary>
    Task<bool> TakeOffAsync(IdentityId worker);

    /// <summary>Adds what workers have done; those without a name don't count.</summary>
    Task AddWorkAsync(IReadOnlyList<WorkDone> done);

    /// <summary>All, also those that were taken off.</summary>
    Task<IReadOnlyList<NamedWorker>> ListAsync();
}
