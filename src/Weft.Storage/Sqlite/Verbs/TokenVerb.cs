using Weft.Core;
using Weft.Core.Access;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite.Verbs;

/// <summary>Keeps tokens.</summary>
internal static class TokenVerb
{
    // No queue's name has a blank.
    private const char Between = ' ';

    public static StoredToken? Add(SqliteUnit unit, TokenGrant grant, ReadOnlyMemory<byte> hash)
    {
        if (Count(unit) >= Limits.TokensMax) unit.Prepared(SqliteSql.DeleteExpiredTokens).Bind(unit.Now.ToUnixTimeMilliseconds()).Run();
        if (Count(unit) >= Limits.TokensMax) return null;
        var row = unit.Prepared(SqliteSql.InsertToken)
            .Bind(hash).Bind((long)grant.Scopes).Bind(string.Join(Between, grant.Queues)).Bind(grant.Name)
            .Bind(unit.Now.ToUnixTimeMilliseconds()).Bind(SqliteRows.Milliseconds(grant.ExpiresAt));
        row.Step();
        var id = new TokenId(row.Long(0));
        row.Reset();
        return new(id, grant, unit.Now, hash);
    }

    public static bool Remove(SqliteUnit unit, TokenId id)
    {
        var row = unit.Prepared(SqliteSql.DeleteToken).Bind(id.Value);
        var removed = row.Step();
        row.Reset();
        return removed;
    }

    public static IReadOnlyList<StoredToken> List(SqliteConnection connection, object? _)
    {
        var tokens = new List<StoredToken>();
        var row = connection.Prepared(SqliteSql.SelectTokens);
        while (row.Step())
        {
            var grant = new TokenGrant((Scope)row.Int(2), row.Text(3).Split(Between, StringSplitOptions.RemoveEmptyEntries), row.TextOrNull(4), SqliteRows.Time(row.LongOrNull(6)));
            tokens.Add(new(new(row.Long(0)), grant, SqliteRows.Time(row.Long(5)), row.Blob(1)));
        }

        row.Reset();
        return tokens;
    }

    private static long Count(SqliteUnit unit)
    {
        var row = unit.Prepared(SqliteSql.CountTokens);
        row.Step();
        var count = row.Long(0);
        row.Reset();
        return count;
    }
}
