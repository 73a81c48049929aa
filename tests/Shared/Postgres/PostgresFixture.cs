[assembly: AssemblyFixture(typeof(Weft.Testing.Postgres.PostgresFixture))]

namespace Weft.Testing.Postgres;

/// <summary>The one server of this test program: started when a test first wants it, ended with the program.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    // Nothing of it outlives the program, or has a standby. Databases that live for a second are not worth vacuuming.
    private static readonly Lazy<Task<PostgresServer>> Shared = new(static () => PostgresServer.StartNewAsync(null,
        "wal_level=minimal", "max_wal_senders=0", "full_page_writes=off", "autovacuum=off", "jit=off"));

    public static Task<PostgresServer> ServerAsync() => Shared.Value;

    public async ValueTask DisposeAsync()
    {
        if (Shared.IsValueCreated) await (await Shared.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
