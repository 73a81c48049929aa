using System.Net.Sockets;
using Npgsql;
using Weft.Core.Storage;
using Weft.Storage.Postgres;
using Weft.Testing.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>What people read of trouble with the database: one sentence, and what happened in it.</summary>
public sealed class PostgresErrorClassifierTests
{
    private static readonly NpgsqlException Refused =
        new("Failed to connect to 127.0.0.1:5432", new SocketException((int)SocketError.ConnectionRefused));

    [Fact]
    public void OneLine_SaysWhatHappened_HoweverOftenTheDriverWrapsIt()
    {
        const string Wrapped = "Unable to connect to a suitable host. Check inner exception for more details.";
        var expected = $"Failed to connect to 127.0.0.1:5432: {Refused.InnerException!.Message}";
        Assert.Equal(expected, PostgresErrorClassifier.OneLine(Refused));
        Assert.Equal(expected, PostgresErrorClassifier.OneLine(new NpgsqlException(Wrapped, Refused)));
        Assert.Equal(expected,
            PostgresErrorClassifier.OneLine(new NpgsqlException(Wrapped, new AggregateException(Refused, Refused))));
    }

    [Theory]
    [InlineData("42P05")]
    [InlineData("26000")]
    public void StatementsOfOthersOnAConnection_MeanAPooler(string state)
    {
        var trouble =
            Assert.IsType<StoreException>(PostgresErrorClassifier.Explain(new PostgresException("prepared statement " +
                "\"_p1\" already exists", "ERROR", "ERROR", state)));
        Assert.Equal(StoreErrorKind.Unavailable, trouble.Kind);
        Assert.Contains("pooler", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionWhoseOptionsWereDropped_IsRefusedAtTheStart()
    {
        var server = await PostgresFixture.ServerAsync();
        var database = await server.CreateDatabaseAsync();
        // As a pooler hands it on that ignores the startup parameter.
        await using (var connection =
            new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var trouble =
                await Assert.ThrowsAsync<StoreException>(() => PostgresDatabase.RefusePoolerAsync(connection));
            Assert.Equal(StoreErrorKind.Unusable, trouble.Kind);
            Assert.Contains("pooler", trouble.Message, StringComparison.Ordinal);
        }

        await server.DropDatabaseAsync(database);
    }
}
