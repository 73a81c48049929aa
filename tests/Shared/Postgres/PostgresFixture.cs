[assembly: AssemblyFixture(typeof(Weft.Testing.Postgres.PostgresFixture))]

namespace Weft.Testing.Postgres;

/// <summary>The one server of this test program: started when a test first wants it, ended with the program.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Shared = new(static () => PostgresServer.StartNewAsync());

    public static Task<PostgresServer> ServerAsync() => Shared.Value;

    public async ValueTask DisposeAsync()
    {
        if (Shared.IsValueCreated) await (await Shared.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
