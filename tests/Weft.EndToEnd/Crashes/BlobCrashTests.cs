using System.Security.Cryptography;
using System.Text.Json;
using Weft.EndToEnd.Cli;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Crashes;

/// <summary>A push that the coordinator doesn't survive, again and again.</summary>
public sealed class BlobCrashTests : IDisposable
{
    private const int Rounds = 4;
    private const int Bytes = 64 << 20;

    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task APush_GoesOnAfterEachCrash_AndEndsRight()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var path = Path.Combine(coordinator.Folder, "large.bin");
        var bytes = RandomNumberGenerator.GetBytes(Bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var (kept, crashes) = (0L, 0);
        for (var round = 0; round < Rounds && kept < Bytes; round++)
        {
            var pushing = coordinator.WeftAsync("blob", "push", path);
            var before = kept;
            kept = await Eventually.SeeAsync("more bytes are there", () => OffsetAsync(coordinator, hash),
                offset => offset > before);
            await coordinator.KillAsync();
            if ((await pushing).ExitCode != 0) crashes++;
            await coordinator.StartAsync();
            // What it had before it crashed it has still.
            var after = await OffsetAsync(coordinator, hash);
            Assert.True(after >= kept, $"{kept} bytes were there before the crash, and {after} after it");
            kept = after;
        }

        Assert.True(crashes > 0, "no crash came in the middle of a push");
        Assert.Equal([hash], await coordinator.LinesAsync("blob", "push", path));
        var fetched = await _http.GetByteArrayAsync(At(coordinator, hash), TestContext.Current.CancellationToken);
        Assert.True(fetched.AsSpan().SequenceEqual(bytes), "the bytes came back changed");
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task ACrashBetweenAPushAndItsComplete_LosesNothing_AndLeavesNothingDangling()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var (kept, lost) = (await PushOutputAsync(coordinator, "kept"), await PushOutputAsync(coordinator, "lost"));
        await coordinator.KillAsync();
        await coordinator.StartAsync();
        var completed = await coordinator.Wire.PostAsync($"/api/v1/tasks/{kept.Task}/complete",
            $$"""
            {"leaseToken":"{{kept.Lease}}","result":1,"outputs":[{"path":"a","blob":"{{kept.Hash}}","size":4}]}
            """);
        Assert.Equal(200, completed.Status);
        await coordinator.KillAsync();
        var check = await WeftBinary.RunAsync("check", "--data", coordinator.DataFolder);
        Assert.True(check.ExitCode == 0, $"{check}");
        await coordinator.StartAsync();
        Assert.Equal("kept", await _http.GetStringAsync(At(coordinator, kept.Hash), Stop));
        Assert.Equal("lost", await _http.GetStringAsync(At(coordinator, lost.Hash), Stop));
        Assert.Contains(kept.Hash, (await coordinator.WeftAsync("result", $"{kept.Task}", "--json")).Output,
            StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<(long Task, string Lease, string Hash)> PushOutputAsync(
        CoordinatorProcess coordinator, string text)
    {
        await coordinator.Wire.PostAsync("/api/v1/tasks", """{"payload":1,"run":{"outMb":1}}""");
        var claimed = await coordinator.Wire.PostAsync(
            "/api/v1/tasks/claim", """{"workerId":"w","capabilities":["files"]}""");
        var task = JsonElement.Parse(claimed.Text).GetProperty("tasks")[0];
        var (id, lease) = (task.GetProperty("id").GetInt64(), task.GetProperty("leaseToken").GetString()!);
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        using var request = new HttpRequestMessage(
            HttpMethod.Put, new Uri(coordinator.Address, $"api/v1/tasks/{id}/outputs/{hash}"));
        request.Content = content;
        request.Headers.Add("X-Weft-Lease", lease);
        using var answer = await _http.SendAsync(request, Stop);
        Assert.Equal(201, (int)answer.StatusCode);
        return (id, lease, hash);
    }

    /// <summary>How many bytes the coordinator has of the blob.</summary>
    private async Task<long> OffsetAsync(CoordinatorProcess coordinator, string hash)
    {
        using var nothing = new ByteArrayContent([]);
        using var answer = await _http.PutAsync(new Uri($"{At(coordinator, hash)}?size={Bytes}"), nothing,
            TestContext.Current.CancellationToken);
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.TryGetProperty("offset", out var offset) ? offset.GetInt64() : Bytes;
    }

    private static Uri At(CoordinatorProcess coordinator, string hash) =>
        new(coordinator.Address, $"api/v1/blobs/{hash}");
}
