using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <param name="Owner">Who created it; null: unknown.</param>
/// <param name="SealedAt">When it was sealed and stopped accepting tasks; null if it wasn't.</param>
public sealed record StoredGroup(
    GroupId Id, string? Name, DateTimeOffset CreatedAt, StateCounts Counts, TokenId? Owner = null,
    DateTimeOffset? SealedAt = null);

/// <param name="Groups">Newest first.</param>
/// <param name="Next">Where the next page starts; null at the end.</param>
public sealed record GroupPage(IReadOnlyList<StoredGroup> Groups, GroupId? Next)
{
    /// <summary>A page of <paramref name="limit"/> items from a list, of which one more may have been read.</summary>
    public static GroupPage Of(IReadOnlyList<StoredGroup> groups, int limit) =>
        groups.Count <= limit ? new(groups, null) : new([.. groups.Take(limit)], groups[limit - 1].Id);
}
