using Weft.Core.Verification;

namespace Weft.Core.Storage;

/// <summary>A volunteer on the board.</summary>
/// <param name="Identity">The worker that gave the name.</param>
/// <param name="Name">The name; null: the operator removed it, and this worker can't give another.</param>
/// <param name="Since">When it was first given.</param>
/// <param name="SeenAt">When its last result arrived, or when the name was given if there is none.</param>
/// <param name="Tasks">Results accepted since then.</param>
/// <param name="Computed">How long they took.</param>
public sealed record NamedWorker(
    IdentityId Identity, string? Name, DateTimeOffset Since, DateTimeOffset SeenAt, long Tasks, TimeSpan Computed);

/// <summary>Additional work of a worker.</summary>
public readonly record struct WorkDone(IdentityId Identity, long Tasks, TimeSpan Computed);

/// <summary>
/// The volunteers' names, at most <see cref="Limits.BoardNamesMax"/>, and their counts. Each operation throws
/// <see cref="StoreException"/> when the store can't do it now.
/// </summary>
public interface IBoardStore
{
    /// <summary>
    /// Sets or changes a worker's name. If there are too many, a worker without results, or the one unseen for longest,
    /// is removed.
    /// </summary>
    /// <returns>False: the operator has removed this worker's name.</returns>
    Task<bool> SetNameAsync(IdentityId worker, string name);

    /// <summary>Deletes a worker's name and counts; a name that the operator removed stays removed.</summary>
    Task ForgetAsync(IdentityId worker);

    /// <summary>Removes a worker's name permanently. False: it has none.</summary>
    Task<bool> TakeOffAsync(IdentityId worker);

    /// <summary>Adds to the workers' counts; those without a name are ignored.</summary>
    Task AddWorkAsync(IReadOnlyList<WorkDone> done);

    /// <summary>All entries, including removed ones.</summary>
    Task<IReadOnlyList<NamedWorker>> ListAsync();
}
