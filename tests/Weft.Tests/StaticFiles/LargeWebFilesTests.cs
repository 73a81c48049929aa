using System.Net;
using Weft.Http.Bounds;
using Weft.Http.StaticFiles;

namespace Weft.Tests.StaticFiles;

public sealed class LargeWebFilesTests
{
    private static readonly ClientKey Greedy = ClientKey.OfAddress(IPAddress.Parse("192.0.2.1"));
    private static readonly ClientKey Other = ClientKey.OfAddress(IPAddress.Parse("192.0.2.2"));

    [Fact]
    public async Task OneAddress_LeavesPlacesToTheOthers()
    {
        using var files = new LargeWebFiles();
        for (var i = 0; i < LargeWebFiles.AddressMax; i++) Assert.True(await EnterAsync(files, Greedy));
        Assert.False(await EnterAsync(files, Greedy));
        Assert.True(await EnterAsync(files, Other));

        files.Leave(Greedy);
        Assert.True(await EnterAsync(files, Greedy));
        Assert.False(await EnterAsync(files, Greedy));
    }

    [Fact]
    public async Task WhoGivesUp_HoldsNoPlace()
    {
        using var files = new LargeWebFiles();
        for (var i = 0; i < 2 * LargeWebFiles.AddressMax; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                files.EnterAsync(Greedy, new(canceled: true)));
        }

        Assert.True(await EnterAsync(files, Greedy));
    }

    private static Task<bool> EnterAsync(LargeWebFiles files, ClientKey client) =>
        files.EnterAsync(client, TestContext.Current.CancellationToken);
}
