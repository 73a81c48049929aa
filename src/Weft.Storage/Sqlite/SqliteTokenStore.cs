using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Storage.Sqlite.Verbs;

namespace Weft.Storage.Sqlite;

/// <summary>The tokens, in the same file as the tasks, so that one backup has all.</summary>
internal sealed class SqliteTokenStore(SqliteWriter writer, SqliteReaders readers) : ITokenStore
{
    public Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash) =>
        writer.RunAsync(SqliteUrgency.Settle, unit => TokenVerb.Add(unit, grant, hash));

    public Task<bool> RemoveAsync(TokenId id) => writer.RunAsync(SqliteUrgency.Settle, unit => TokenVerb.Remove(unit, id));

    public Task<IReadOnlyList<StoredToken>> ListAsync() => readers.RunAsync((object?)null, TokenVerb.List);
}
