using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>Files of tasks, found by modules in a tab as a native program finds them in a folder.</summary>
public sealed class TaskFilesTests(Chromium chromium) : IDisposable
{
    private static readonly (string Path, byte[] Bytes)[] Files =
    [
        ("table.bin", [.. Enumerable.Range(0, 700_001).Select(static i => (byte)(i * 7 % 251))]),
        ("data/a.txt", "alpha"u8.ToArray()),
        ("data/empty", []),
        ("data/sub/b.txt", "beta"u8.ToArray()),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AProgramInC_ReadsThemInATab_AndInANativeWorker_AsNatively()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        await using var worker = new NativeWorker(coordinator, "--queue", "native");
        var (module, run) = (await submitter.PushAsync("files"), await PushAsync(coordinator));
        await profile.StartWorkerAsync();

        var native = await RunNativelyAsync("files");
        var served = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", run, InNativeQueue));
        Assert.Equal(native, JsonElement.Parse(served.Result!).GetString());
        // The second one finds the tree that is there; one without files finds none.
        foreach (var _ in (int[])[1, 2])
        {
            var finished = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", run));
            Assert.Equal(new("completed", JsonSerializer.Serialize(native), null), finished with
            {
                Result = finished.Result is { } result
                    ? JsonSerializer.Serialize(JsonElement.Parse(result).GetString())
                    : null,
            });
        }

        var without = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1"));
        Assert.Contains("no table: ", without.Result, StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AProgramInC_WritesFilesInATab_AndInANativeWorker_AsNatively()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        await using var worker = new NativeWorker(coordinator, "--queue", "native");
        var module = await submitter.PushAsync("outputs");
        await profile.StartWorkerAsync();

        Directory.CreateDirectory(Path.Combine(_folder.FullName, "out"));
        var native = await RunNativelyAsync("outputs");
        var written = Path.Combine(_folder.FullName, "out");
        var files = Directory.EnumerateFiles(written, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(written, file), File.ReadAllBytes, StringComparer.Ordinal);
        foreach (var more in (string[])["", "", InNativeQueue])
        {
            // The second one begins with an empty folder, too.
            var task = await submitter.SubmitAsync(module, "1", """{"outMb":1}""", more);
            var finished = await submitter.FinishAsync(task);
            Assert.True(finished.Result is not null, $"{finished}");
            Assert.Equal(native, JsonElement.Parse(finished.Result!).GetString());
            var outputs = (await submitter.LookAsync(task)).GetProperty("outputs").EnumerateArray()
                .ToDictionary(static each => each.GetProperty("path").GetString()!);
            Assert.Equal(files.Keys.Order(StringComparer.Ordinal), outputs.Keys.Order(StringComparer.Ordinal));
            foreach (var (path, bytes) in files)
            {
                var blob = await coordinator.Wire.GetAsync($"/api/v1/blobs/{outputs[path].GetProperty("blob")}");
                Assert.True(blob.Body.AsSpan().SequenceEqual(bytes), $"{path} has other bytes");
            }
        }

        // What is no file of the task's, and more than it asked for.
        var full = await submitter.SubmitAsync(await submitter.PushAsync("write"), "1", """{"outMb":1}""");
        Assert.Contains("mkdir: No such file", (await submitter.FinishAsync(full)).Result, StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task AFile_IsDownloadedOnce_AndKeptThroughAReload()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var front = new Front(coordinator);
        await using var profile = await Profile.OpenAsync(chromium, coordinator, front: front);
        var submitter = new Submitter(coordinator.Wire);
        var (module, run) = (await submitter.PushAsync("files"), await PushAsync(coordinator));
        var page = await profile.StartWorkerAsync();
        var first = await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", run));
        Assert.Contains("table 700001 ", first.Result, StringComparison.Ordinal);

        // Who asks for it once more is truncated.
        var table = Convert.ToHexStringLower(SHA256.HashData(Files[0].Bytes));
        front.Blocked = $"/api/v1/blobs/{table}";
        Assert.Equal(first, await submitter.FinishAsync(await submitter.SubmitAsync(module, "2", run)));
        await page.CloseAsync();
        await profile.StartWorkerAsync();
        Assert.Equal(first, await submitter.FinishAsync(await submitter.SubmitAsync(module, "3", run)));
        profile.AssertQuiet();
    }

    [Fact]
    public async Task NothingCanBeChanged()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var submitter = new Submitter(coordinator.Wire);
        var (module, run) = (await submitter.PushAsync("write"), await PushAsync(coordinator));
        await profile.StartWorkerAsync();
        var words = string.Join("; ", ((string[])["write", "truncate", "create", "mkdir", "unlink", "rename"])
            .Select(static what => $"{what}: Read-only file system"));
        Assert.Equal(new("completed", $"\"{words}; \"", null),
            await submitter.FinishAsync(await submitter.SubmitAsync(module, "1", run)));
    }

    /// <summary>Pushes the files, and returns a task's run that names them.</summary>
    internal static async Task<string> PushAsync(CoordinatorProcess coordinator)
    {
        var named = new List<string>();
        foreach (var (path, bytes) in Files)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            var answer = await coordinator.Wire.SendAsync(HttpMethod.Put, $"/api/v1/blobs/{hash}", content);
            Assert.True(answer.Status is 200 or 201, $"{path} was not taken: {answer}");
            named.Add($$"""{"path":"{{path}}","blob":"{{hash}}"}""");
        }

        return $$"""{"files":[{{string.Join(',', named)}}]}""";
    }

    private const string InNativeQueue = ",\"queue\":\"native\"";

    private async Task<string> RunNativelyAsync(string name)
    {
        foreach (var (path, bytes) in Files)
        {
            var place = Path.Combine(_folder.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await File.WriteAllBytesAsync(place, bytes, TestContext.Current.CancellationToken);
        }

        var source = Repository.PathOf($"tests/Weft.EndToEnd.Browser/Sources/{name}.c");
        var built = await Command.RunAsync(
            Command.Describe("clang", _folder.FullName, ["-O2", "-D_DEFAULT_SOURCE", source, "-o", "native"]),
            Eventually.Max);
        Assert.True(built.ExitCode == 0, $"{name}.c doesn't compile: {built}");
        var program = Command.Describe(Path.Combine(_folder.FullName, "native"), _folder.FullName, []);
        return (await Command.RunAsync(program, Eventually.Max)).Output;
    }
}
