using Weft.Core.Access;
using Weft.Core.Matching;

namespace Weft.Storage.Engine;

/// <summary>The tasks of one queue that ask the same of their worker.</summary>
internal class Lane(long id, string queue, Requirements requires, TokenId? owner)
{
    public long Id => id;
    public string Queue => queue;
    public Requirements Requires => requires;

    /// <summary>Whose tasks first needed it; null: nobody's that is known.</summary>
    public TokenId? Owner => owner;
}
