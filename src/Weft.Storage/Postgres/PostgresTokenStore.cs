using Npgsql;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Storage.Postgres.Verbs;

namespace Weft.Storage.Postgres;

/// <summary>The tokens, in the same database as the tasks, so that every coordinator knows them.</summary>
internal sealed class PostgresTokenStore(PostgresTaskStore store, PostgresReaders readers) : ITokenStore
{
    // No queue's name has a blank.
    public const char Between = ' ';

    public Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash) => store.RunAsync(new AddTokenOperation(grant, hash), PostgresUrgency.Settle);

    public Task<bool> RemoveAsync(TokenId id) => store.RunAsync(new RemoveTokenOperation(id), PostgresUrgency.Settle);

    public Task<IReadOnlyList<StoredToken>> ListAsync() => readers.RunAsync((object?)null, ReadAsync);

    private static async Task<IReadOnlyList<StoredToken>> ReadAsync(NpgsqlConnection connection, object? _)
    {
        var tokens = new List<StoredToken>();
        await using var trip = new PostgresTrip(connection);
        trip.Ask(PostgresSql.SelectTokens, row =>
        {
            var grant = new TokenGrant((Scope)row.GetInt32(2), row.GetString(3).Split(Between, StringSplitOptions.RemoveEmptyEntries), PostgresRows.TextOrNull(row, 4), PostgresRows.TimeOrNull(row, 6));
            tokens.Add(new(new(row.GetInt64(0)), grant, PostgresRows.Time(row.GetInt64(5)), PostgresRows.Bytes(row, 1)));
        });
        await trip.GoAsync();
        return tokens;
    }
}
