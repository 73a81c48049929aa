using Weft.Core.Access;
using Weft.Core.Matching;

namespace Weft.Storage.Engine;

/// <summary>The tasks of one queue with the same requirements.</summary>
internal class Lane(long id, string queue, Requirements requires, TokenId? owner)
{
    public long Id => id;
    public string Queue => queue;
    public Requirements Requires => requires;

    /// <summary>The owner whose tasks first needed it; null: unknown.</summary>
    public TokenId? Owner => owner;
}
