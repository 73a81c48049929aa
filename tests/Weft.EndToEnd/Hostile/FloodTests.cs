using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Hostile;

/// <summary>Many clients at once that are slow, silent, greedy or deaf, with an honest one among them.</summary>
public sealed class FloodTests
{
    private const int SlowClients = 500;
    private const int IdleClients = 10_000;
    private const int Megabyte = 1 << 20;

    // What an idle connection costs here and there together is far less; this is where a leak would show.
    private const long BytesPerIdleClientMax = 40_000;

    [Fact]
    public async Task SlowHeadersAndSlowBodies_DoNotKeepAnHonestClientWaiting()
    {
        await using var siege = await Siege.BeginAsync();
        var clients = await OpenAsync(siege, 2 * SlowClients);
        for (var i = 0; i < SlowClients; i++)
        {
            await clients[i].SendAsync($"GET /task/next HTTP/1.1\r\nHost: localhost\r\nX-Slow-{i}: ");
            await clients[SlowClients + i]
                .SendAsync("POST /task HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n[");
        }

        await siege.ServeHonestClientAsync(cycles: 50);
        foreach (var client in clients) client.Dispose();
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task ASlowHeader_IsGivenUpOn_AndSoIsASlowBody()
    {
        await using var siege = await Siege.BeginAsync("--min-data-rate", "1000");
        using var header = await RawConnection.OpenAsync(siege.Address);
        using var body = await RawConnection.OpenAsync(siege.Address);
        await header.SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        await body.SendAsync("POST /task HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n[");
        foreach (var slow in (RawConnection[])[header, body])
        {
            var answers = new RawAnswers(await slow.ReadToEndAsync());
            Assert.Equal([408], answers.Statuses);
        }

        await siege.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("/api/v1/tasks/settle")]
    [InlineData("/task")]
    public async Task ABodyThatIsNearlyThere_AndThenStops_IsGivenUpOn(string path)
    {
        await using var siege = await Siege.BeginAsync();
        using var client = await RawConnection.OpenAsync(siege.Address);
        // By the average since it began, it would be fast enough for a quarter of an hour.
        await client.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
            $"{Megabyte}\r\n\r\n{new string(' ', Megabyte - 1)}");
        var answers = new RawAnswers(await client.ReadToEndAsync());
        Assert.Equal([408], answers.Statuses);
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task TenThousandIdleConnections_CostLittle_AndGoWithoutATrace()
    {
        await using var siege = await Siege.BeginAsync();
        var clients = await OpenAsync(siege, Math.Min(IdleClients, OpenFilesMax() - 1_000));
        foreach (var client in clients) await client.SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await siege.ServeHonestClientAsync(cycles: 20);
        var growth = siege.MemoryGrowth;
        Assert.True(growth < clients.Count * BytesPerIdleClientMax + 64 * Megabyte,
            $"{growth / clients.Count} bytes a connection");
        foreach (var client in clients) client.Dispose();
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task ConnectionsPastTheBound_AreClosed_AndThoseThatAreThereGoOn()
    {
        await using var siege = await Siege.BeginAsync("--max-connections", "20");
        // The honest client has one of the twenty.
        var clients = await OpenAsync(siege, 30);
        var turnedAway = await Task.WhenAll(clients[^5..].Select(static client => client.ReadToEndAsync()));
        Assert.All(turnedAway, Assert.Empty);
        await siege.ServeHonestClientAsync(cycles: 5);
        foreach (var client in clients) client.Dispose();
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task OneAddress_HasItsShareOfConnections_AndOthersAreServedOn()
    {
        await using var siege = await Siege.BeginAsync("--host", "0.0.0.0", "--open",
            "--max-connections-per-address", "5");
        // Of this machine, but not loopback: on the network's side of it. Where there is none, loopback, which has no
        // share.
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static address => address.Address)
            .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork
                && !IPAddress.IsLoopback(address));
        var address = new UriBuilder(siege.Address) { Host = (own ?? IPAddress.Loopback).ToString() }.Uri;
        var clients = new List<RawConnection>();
        for (var i = 0; i < 20; i++) clients.Add(await RawConnection.OpenAsync(address));
        // Which five are let in is the system's choice.
        var answers = await Task.WhenAll(clients.Select(client => AskAsync(client, address)));
        Assert.Equal(own is null ? 20 : 5,
            answers.Count(static answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)));
        Assert.Equal(own is null ? 0 : 15, answers.Count(static answer => answer.Length == 0));
        await siege.ServeHonestClientAsync(cycles: 5);
        foreach (var client in clients) client.Dispose();
        // Its share is there again once the others have gone.
        await Eventually.SeeAsync("a place", async () => (await RawConnection.ExchangeAsync(address, "")).Statuses,
            static statuses => statuses is [200]);
        await siege.AssertUnharmedAsync();
    }

    private static async Task<string> AskAsync(RawConnection client, Uri address)
    {
        await client.TrySendAsync(
            Encoding.Latin1.GetBytes($"GET /health HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
        try
        {
            return await client.ReadHeadersAsync();
        }
        catch (SocketException)
        {
            return "";
        }
    }

    [Theory]
    [InlineData("Content-Length: 104857600\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    public async Task AHundredMegabytes_AreRefused_WithoutBeingHeld(string framing)
    {
        await using var siege = await Siege.BeginAsync();
        var piece = Encoding.ASCII.GetBytes($"100000\r\n{new string('1', Megabyte)}\r\n");
        foreach (var path in (string[])["/task", "/task/1/result", "/api/v1/tasks", "/api/v1/tasks/batch",
            "/api/v1/tasks/claim", "/worker/register"])
        {
            using var client = await RawConnection.OpenAsync(siege.Address);
            await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{framing}Expect: 100-continue\r\n\r\n");
            for (var sent = 0; framing.StartsWith('T') && sent < 100; sent++)
            {
                if (!await client.TrySendAsync(piece)) break;
            }

            var statuses = new RawAnswers(await client.ReadToEndAsync()).Statuses;
            Assert.True(statuses.Length == 0 || statuses[^1] == 413, $"{path}: {string.Join(' ', statuses)}");
        }

        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task AGzipBomb_IsRefused_NotUnpacked()
    {
        await using var siege = await Siege.BeginAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed,
            System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < 200; i++)
            {
                await gzip.WriteAsync(new byte[Megabyte], TestContext.Current.CancellationToken);
            }
        }

        foreach (var path in (string[])["/task", "/task/1/result", "/api/v1/tasks", "/api/v1/tasks/settle"])
        {
            using var content = new ByteArrayContent(packed.ToArray());
            content.Headers.ContentEncoding.Add("gzip");
            Assert.Equal(415, (await siege.Wire.SendAsync(HttpMethod.Post, path, content)).Status);
        }

        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task ManyLargeBodiesAtOnce_AreTakenAsFarAsThereIsRoom_AndTheOthersToldToComeAgain()
    {
        const int clients = 40;
        await using var siege = await Siege.BeginAsync("--max-inflight-bytes",
            (128 * Megabyte).ToString(CultureInfo.InvariantCulture));
        var body = Encoding.ASCII.GetBytes($"\"{new string('x', 8 * Megabyte)}\"");
        var answers = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => siege.Wire.PostAsync("/task", body)));
        Assert.All(answers, static answer => Assert.True(answer.Status is 200 or 503, answer.ToString()));
        Assert.All(answers.Where(static answer => answer.Status == 503),
            static answer => Assert.NotNull(answer.Headers.RetryAfter));
        var stored = answers.Count(static answer => answer.Status == 200);
        Assert.InRange(stored, 1, clients);
        await siege.AssertUnharmedAsync(stored);
    }

    [Fact]
    public async Task ClientsThatNeverReadTheirAnswers_HoldNoMoreThanTheRoom()
    {
        const long room = 128 * Megabyte;
        await using var siege = await Siege.BeginAsync("--max-inflight-bytes",
            room.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(201, (await siege.Wire.PostAsync("/api/v1/groups", "{}")).Status);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(201, (await siege.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"group":1}""")).Status);
            var claim = await siege.Wire.ClaimAsync("w");
            await siege.Wire.CompleteAsync(claim!.TaskId, $"\"{new string('x', 8 * Megabyte)}\"");
        }

        string[] paths = ["/result/2", "/api/v1/tasks/2", "/api/v1/groups/1/results?wait=25"];
        var deaf = new List<RawConnection>();
        for (var i = 0; i < 100; i++)
        {
            deaf.Add(await RawConnection.OpenAsync(siege.Address, receiveBytes: 4_096));
            await deaf[^1].SendAsync($"GET {paths[i % paths.Length]} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        await siege.ServeHonestClientAsync(cycles: 20);
        var growth = siege.MemoryGrowth;
        Assert.True(growth < 5 * room, $"{growth / Megabyte} MB for clients that read nothing");
        foreach (var client in deaf) client.Dispose();
        await siege.AssertUnharmedAsync(stored: 8);
    }

    private static async Task<List<RawConnection>> OpenAsync(Siege siege, int count)
    {
        var clients = new List<RawConnection>(count);
        for (var i = 0; i < count; i++) clients.Add(await RawConnection.OpenAsync(siege.Address));
        return clients;
    }

    private static int OpenFilesMax()
    {
        var line = File.ReadLines("/proc/self/limits")
            .First(static line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], CultureInfo.InvariantCulture,
            out var max) ? max : int.MaxValue;
    }
}
