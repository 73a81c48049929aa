using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <param name="Owner">Who made it; null: nobody that is known.</param>
/// <param name="SealedAt">Since when it takes no more tasks; null while it does.</param>
public sealed record StoredGroup(
    GroupId Id, string? Name, DateTimeOffset CreatedAt, StateCounts Counts, TokenId? Owner = null,
    DateTimeOffset? SealedAt = null);

/// <param name="Groups">The newest first.</param>
/// <param name="Next">Where the next page goes on; null at the end.</param>
public sealed record GroupPage(IReadOnlyList<StoredGroup> Groups, GroupId? Next)
{
    /// <summary>
    /// The page of <paramref name="limit"/> that begins a list, of which one more than that may have been read.
    /// </summary>
    public static GroupPage Of(IReadOnlyList<StoredGroup> groups, int limit) =>
        groups.Count <= limit ? new(groups, null) : new([.. groups.Take(limit)], groups[limit - 1].Id);
}
