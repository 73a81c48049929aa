using System.Globalization;
using Weft.EndToEnd.Hostile;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Fuzz;

/// <summary>
/// Honest and hostile clients side by side: neither memory nor open files may grow once the load is steady.
/// A few seconds here; <c>./soak.sh --minutes 30</c> goes on, and prints what it samples.
/// </summary>
public sealed class SoakTests
{
    private const int HonestClients = 4;
    private const int HostileClients = 2;
    private const int Samples = 30;
    private const long MemoryGrowthMax = 64L << 20;
    private const int FilesGrowthMax = 16;

    private static readonly TimeSpan TimeDefault = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task UnderMixedLoad_MemoryAndOpenFiles_StayWhereTheyAre()
    {
        var time = Environment.GetEnvironmentVariable("WEFT_SOAK_MINUTES") is { Length: > 0 } minutes
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
            : TimeDefault;
        // Finished tasks go away as fast as new ones come, as they do in a coordinator that runs for months, and the
        // list of the workers that hostile clients make up is full from early on.
        await using var siege = await Siege.BeginAsync("--retention", "5s", "--max-workers-remembered", "200");
        using var http = new HttpClient { BaseAddress = siege.Address };
        using var end = new CancellationTokenSource(time, TimeProvider.System);
        var (document, memory) = (new FuzzDocument(), new FuzzMemory());
        var load = Enumerable.Range(0, HostileClients)
            .Select(i => new FuzzClient(document, memory, http, i).RunAsync(end.Token))
            .Concat(Enumerable.Range(0, HonestClients).Select(i => CycleAsync(siege.Wire, i, end.Token)))
            .Append(HangUpAsync(siege.Address, end.Token)).ToList();

        var samples = new List<(long Memory, int Files)>();
        while (!end.IsCancellationRequested && !load.Any(static client => client.IsFaulted))
        {
            await Task.Delay(time / Samples, TimeProvider.System, TestContext.Current.CancellationToken);
            samples.Add((siege.Coordinator.ResidentBytes, siege.Coordinator.OpenFiles));
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{samples.Count}/{Samples}: {samples[^1].Memory >> 20} MB, {samples[^1].Files} files");
        }

        await Task.WhenAll(load);
        var (early, late) = (samples[(samples.Count / 3)..(samples.Count * 2 / 3)], samples[(samples.Count * 2 / 3)..]);
        // On average: it goes up and down with the large bodies that are under way.
        Assert.True(late.Average(static sample => sample.Memory) - early.Average(static sample =>
            sample.Memory) < MemoryGrowthMax, "Memory grows.");
        Assert.True(late.Average(static sample => sample.Files) - early.Average(static sample =>
            sample.Files) < FilesGrowthMax, "Open files grow.");
        await siege.AssertHealthyAsync();
    }

    // Whose task a worker gets doesn't matter here: the hostile ones submit, claim and purge in the same queue.
    private static async Task CycleAsync(Wire wire, int client, CancellationToken end)
    {
        for (var cycle = 0; !end.IsCancellationRequested; cycle++)
        {
            var payload = cycle % 100 == 0 ? new string('x', 1 << 20) : "honest";
            await wire.SubmitAsync($"\"{payload}\"");
            if (await wire.ClaimAsync($"honest-{client}", waitSeconds: cycle % 10 == 0 ? 1 : 0) is { } claim)
            {
                await wire.CompleteAsync(claim.TaskId, $"{{\"result\":\"{payload}\"}}");
            }
        }
    }

    // Connections that go away in the middle of everything.
    private static async Task HangUpAsync(Uri address, CancellationToken end)
    {
        string[] halves = ["GET /task/next?wait=25 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /task HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n[", "GET /stats HTT"];
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            using var connection = await RawConnection.OpenAsync(address);
            await connection.SendAsync(halves[i % halves.Length]);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }
}
