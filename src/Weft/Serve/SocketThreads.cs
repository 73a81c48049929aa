using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Weft.Serve;

/// <summary>
/// Requests are read, handled and answered on the threads that poll the sockets: handing each request over to the pool
/// costs more than most of them. What could block such a thread (a read of the database, a large body) moves itself to
/// the pool. See docs/decisions/0020.
/// </summary>
internal static class SocketThreads
{
    // The runtime knows these settings only by their variables, which it reads when the first socket is made.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Whether the embedded store's writer has one core to itself and one thread on the other polls all sockets: the
    /// fewer threads two cores have to switch between, the better. With more cores there is one for each, and the pool
    /// answers what is stored.
    /// </summary>
    public static bool IsOneEnough(ServeOptions options) => options.Store is null && Environment.ProcessorCount <= 2;

    /// <summary>
    /// For a process that is nothing but a coordinator; before its first socket. An operator's own values stay.
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
        // A block of 4 KB for each connection instead of one more system call for each request.
        sockets.WaitForDataBeforeAllocatingBuffer = false;
    }

    private static void SetUnlessSet(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null) Environment.SetEnvironmentVariable(name, value);
    }
}
