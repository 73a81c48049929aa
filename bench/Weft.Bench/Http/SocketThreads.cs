namespace Weft.Bench.Http;

/// <summary>How .NET runs the generator's socket completions.</summary>
internal static class SocketThreads
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    /// <summary>One thread polls all sockets and runs what follows: no hand-over to a pool, so that the generator takes
    /// as little as it can from the cores that it shares with the server. Call before the first socket is
    /// made.</summary>
    public static void UseOne()
    {
        foreach (var (name, value) in Settings) Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>
    /// Takes the settings out of a child's environment: a server that is measured must run with its own.
    /// </summary>
    public static void RemoveFrom(IDictionary<string, string?> environment)
    {
        foreach (var name in Settings.Keys) environment.Remove(name);
    }
}
