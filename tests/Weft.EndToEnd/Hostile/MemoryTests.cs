using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Hostile;

/// <summary>What clients make the coordinator hold stays within what docs/operations.md promises.</summary>
public sealed class MemoryTests
{
    private const int Readers = 200;
    private const int Part = 8_000_000;
    private const long InFlight = 128L << 20;

    // About 60 MB, 30 KB a connection, and three times what may be in flight.
    private const long Promised = (60L << 20) + (Readers * 30_000L) + (3 * InFlight);

    [Theory]
    [InlineData("/api/v1/tasks/{0}")]
    [InlineData("/result/{0}")]
    public async Task ALargeTask_ThatManyReadAtOnce_AndTakeSlowly_StaysWithinThePromise(string path)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--max-inflight-bytes", $"{InFlight}");
        var id = await CompleteLargeAsync(coordinator.Wire);
        var request = Encoding.ASCII.GetBytes(
            $"GET {string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id)} HTTP/1.1\r\nHost: " +
            $"localhost\r\n\r\n");
        var readers = new List<RawConnection>();
        for (var i = 0; i < Readers; i++)
        {
            readers.Add(await RawConnection.OpenAsync(coordinator.Address, receiveBytes: 16 << 10));
        }
        await Task.WhenAll(readers.Select(reader => reader.SendAsync(request)));
        // Each has its status: 200 and the beginning of the task, or 503.
        var answers = await Task.WhenAll(readers.Select(static reader => reader.ReadHeadersAsync()));

        Assert.All(answers, static answer => Assert.Matches("^HTTP/1.1 (200|503) ", answer));
        Assert.Contains(answers, static answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        Assert.True(coordinator.PeakResidentBytes < Promised,
            $"{coordinator.PeakResidentBytes >> 20} MB instead of {Promised >> 20} MB");
        foreach (var reader in readers) reader.Dispose();
        await Eventually.SeeAsync("room again", async () => (await coordinator.Wire.GetAsync($"/result/{id}")).Status,
            static status => status == 200);
    }

    private static async Task<long> CompleteLargeAsync(Wire wire)
    {
        var group = (await wire.PostAsync("/api/v1/groups", "")).Json.GetProperty("id").GetInt64();
        var id = (
            await wire.PostAsync("/api/v1/tasks",
            $$"""{"group":{{group}},"payload":"{{new string('x', Part)}}"}""")).Json.GetProperty("id").GetInt64();
        await wire.CompleteAsync(id, $"\"{new string('y', Part)}\"");
        return id;
    }
}
