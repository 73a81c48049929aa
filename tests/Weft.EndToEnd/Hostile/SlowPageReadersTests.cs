using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Hostile;

/// <summary>Clients that ask for a page's files and never read them.</summary>
public sealed class SlowPageReadersTests : IDisposable
{
    private const int Readers = 150;
    private const int Megabyte = 1 << 20;

    // What LargeWebFiles lets be open at once.
    private const int OpenMax = 64;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(4 * Megabyte, 0)]
    [InlineData(5 * Megabyte, OpenMax)]
    public async Task TheyHoldFewFilesOpen_HoweverManyTheyAre(int bytes, int openMax)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "large.bin"), new byte[bytes],
            TestContext.Current.CancellationToken);
        await using var siege = await Siege.BeginAsync("--web", folder.FullName);
        var deaf = new List<RawConnection>();
        for (var i = 0; i < Readers; i++)
        {
            deaf.Add(await RawConnection.OpenAsync(siege.Address, receiveBytes: 4_096));
            await deaf[^1].SendAsync("GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        foreach (var reader in deaf.Take(openMax == 0 ? Readers : 1))
        {
            Assert.StartsWith("HTTP/1.1 200", await reader.ReadHeadersAsync(), StringComparison.Ordinal);
        }

        // Those that came first have their answers by now, or wait.
        await siege.ServeHonestClientAsync(cycles: 20);
        Assert.InRange(OpenFiles(siege), 0, openMax);
        foreach (var reader in deaf) reader.Dispose();
        await Eventually.SeeAsync("no open file", () => Task.FromResult(OpenFiles(siege)), static open => open == 0);
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task AfterTheTimeOfARequest_TheyAreCutOff()
    {
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "large.bin"), new byte[8 * Megabyte],
            TestContext.Current.CancellationToken);
        // Without a minimum rate, which would cut them off too.
        await using var siege = await Siege.BeginAsync("--web", folder.FullName, "--request-time", "3s",
            "--min-data-rate", "0");
        using var deaf = await RawConnection.OpenAsync(siege.Address, receiveBytes: 4_096);
        await deaf.SendAsync("GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await deaf.ReadHeadersAsync(), StringComparison.Ordinal);
        await Eventually.SeeAsync("no open file", () => Task.FromResult(OpenFiles(siege)), static open => open == 0);
        await siege.AssertUnharmedAsync();
    }

    private int OpenFiles(Siege siege) => Directory.GetFiles($"/proc/{siege.Coordinator.Id}/fd")
        .Count(file => new FileInfo(file).LinkTarget?.StartsWith(folder.FullName, StringComparison.Ordinal) == true);
}
