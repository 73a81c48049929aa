using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Weft.Serve;

/// <summary>
/// Requests are read, handled and answered on the threads that poll the sockets: handing each request over to the pool
/// costs more than most of them. Work that could block such a thread (a database read, a large body) moves itself to
/// the pool. See docs/decisions/0020.
/// </summary>
internal static class SocketThreads
{
    // The runtime reads these settings only from variables, when the first socket is created.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Whether the embedded store's writer has one core to itself and a single thread on the other core polls all
    /// sockets: fewer threads to switch between are better on two cores. With more cores there is one for each, and the
    /// pool answers stored requests.
    /// </summary>
    public static bool IsOneEnough(ServeOptions options) => options.Store is null && Environment.ProcessorCount <= 2;

    /// <summary>
    /// For a process that is only a coordinator; before its first socket. An operator's own values are kept.
    /// </summary>
    public static void RunRequests(ServeOptions options)
    {
        SetUnlessSet(InlineCompletions, "1");
        if (IsOneEnough(options)) SetUnlessSet(ThreadCount, "1");
    }

    public static void Configure(SocketTransportOptions sockets)
    {
        sockets.IOQueueCount = 0;
        sockets.UnsafePreferInlineScheduling = true;
        // A 4 KB buffer for each connection instead of one more system call for each request.
        sockets.WaitForDataBeforeAllocatingBuffer = false;
    }

    private static void SetUnlessSet(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null) Environment.SetEnvironmentVariable(name, value);
    }
}
