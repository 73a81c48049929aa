using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Weft.Serve;

/// <summary>
/// Requests are read, handled and answered on the threads that poll the sockets, one for each core: handing each request
/// over to the pool costs more than most of them. What could block such a thread (a read of the database, a large body)
/// moves itself to the pool. See docs/decisions/0020.
/// </summary>
internal static class SocketThreads
{
    // The runtime knows this setting only by its variable, which it reads when the first socket is made.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>For a process that is nothing but a coordinator; before its first socket. An operator's own value stays.</summary>
    public static void RunRequests()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }

    public static void Configure(SocketTransportOptions sockets)
    {
        sockets.IOQueueCount = 0;
        sockets.UnsafePreferInlineScheduling = true;
        // A block of 4 KB for each connection instead of one more system call for each request.
        sockets.WaitForDataBeforeAllocatingBuffer = false;
    }
}
