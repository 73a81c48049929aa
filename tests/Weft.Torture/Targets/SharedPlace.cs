using Weft.Testing.Postgres;
using Weft.Torture.Load;

namespace Weft.Torture.Targets;

/// <summary>
/// A pair of servers for one store after the other, each in a database of its own, and proxies that can cut what goes
/// to them.
/// </summary>
internal sealed class SharedPlace : IAsyncDisposable
{
    private SharedPlace(PostgresPair pair)
    {
        Pair = pair;
        Proxies = [new(pair.Primary.Port), new(pair.Standby!.Port)];
    }

    public PostgresPair Pair { get; }

    public IReadOnlyList<CuttingProxy> Proxies { get; }

    public static async Task<SharedPlace> StartAsync(bool isSynchronous = true) =>
        new(await PostgresPair.StartNewAsync(isSynchronous));

    /// <summary>Three coordinators on a new database.</summary>
    /// <param name="binary">The <c>weft</c> to start.</param>
    /// <param name="throughProxies">Whether their connections can be cut.</param>
    /// <param name="watch">Sees every answer; null for nobody.</param>
    /// <param name="settings">What is different in this database, as in <c>synchronous_commit = off</c>; null for
    /// nothing.</param>
    /// <param name="options">More flags of <c>weft serve</c>.</param>
    public async Task<SharedTarget> MakeTargetAsync(string binary, bool throughProxies, AnswerWatch? watch = null,
        string? settings = null, params string[] options)
    {
        var database = $"weft_{Guid.NewGuid():N}";
        await Pair.Primary.ExecuteAsync("postgres", $"CREATE DATABASE {database}");
        if (settings is not null)
            await Pair.Primary.ExecuteAsync("postgres", $"ALTER DATABASE {database} SET {settings}");
        var reach = throughProxies ? Pair.ConnectionString(database, Proxies.Select(static proxy => proxy.Port))
            : Pair.ConnectionString(database);
        // A string that closes what it opens is for tests; a coordinator pools.
        return new(binary, reach.Replace("Pooling=False", "Pooling=True", StringComparison.OrdinalIgnoreCase),
            () => Pair.Primary.ConnectionString(database), options) { Watch = watch };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in Proxies) await proxy.DisposeAsync();
        await Pair.DisposeAsync();
    }
}
