using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Files of tasks: pushed by the commands that submit, found by native workers.</summary>
public sealed class FilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AProgram_FindsTheFiles_InItsOwnFolder_AndFetchesThemOnce()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var table = Write("table.txt", "7\n");
        Write("more/a/x.txt", "x");
        Write("more/b.txt", "b");
        var cache = Path.Combine(_folder.FullName, "cache");
        await using var worker = new WorkerProcess(coordinator.Address,
            "read n; echo $(cat table.txt) $(find . -type f | sort) $n; echo z > z.txt; test -d \"$WEFT_WORKER_DIR\"",
            ["--files"], [], Cache(cache));
        var result = await coordinator.FeedAsync("1\n2\n", "map", "--file", table, "--file",
            $"data/={Path.Combine(_folder.FullName, "more")}");
        Assert.Equal(
            (0, "\"7 ./data/a/x.txt ./data/b.txt ./table.txt 1\"\n\"7 ./data/a/x.txt ./data/b.txt ./table.txt 2\"\n"),
            (result.ExitCode, result.Output));

        // Each once, read-only, and no task's folder is left.
        var blobs = Directory.GetFiles(Path.Combine(cache, "weft", "blobs"));
        Assert.Equal(new[] { HashOf("7\n"), HashOf("b"), HashOf("x") }.Order(), blobs.Select(Path.GetFileName).Order());
        Assert.All(blobs, static blob => Assert.True(File.GetAttributes(blob).HasFlag(FileAttributes.ReadOnly)));
        Assert.Empty(Directory.GetDirectories(Path.Combine(cache, "weft", "tasks")));
        var listed = await coordinator.LinesAsync("blob", "list");
        Assert.Equal(4, listed.Length);
        Assert.All(listed[1..], static line => Assert.Equal("yes", line.Cells()[2]));
    }

    /// <summary>Else a submitter's file would run in place of one that the program names.</summary>
    [Fact]
    public async Task AProgram_GetsNoFiles_UnlessItsOperatorSaysSo()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var script = Write("run.sh", "echo 'the submitter was here'\n");
        await using var worker = new WorkerProcess(coordinator.Address, "cat >/dev/null; sh run.sh || echo none", [],
            [], Cache(Path.Combine(_folder.FullName, "cache")));
        var held = (await coordinator.LinesAsync("submit", "1", "--file", script)).Single();
        var plain = (await coordinator.LinesAsync("submit", "2")).Single();
        Assert.Equal(["\"none\""], await coordinator.LinesAsync("wait", plain));
        Assert.Equal("ready", (await coordinator.Wire.GetAsync($"/api/v1/tasks/{held}")).Json.GetProperty("state")
            .GetString());
    }

    // They are links to one file; root, and whoever makes it writable, can write to it.
    [Fact]
    public async Task WhatATaskWritesIntoItsInput_IsNoOtherTasks()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var table = Write("table.txt", "7\n");
        await using var worker = new WorkerProcess(coordinator.Address,
            "read n; cat table.txt; chmod u+w table.txt; echo 8 > table.txt", ["--files"], [],
            Cache(Path.Combine(_folder.FullName, "cache")));
        var result = await coordinator.FeedAsync("1\n2\n3\n", "map", "--file", table);
        Assert.Equal((0, "7\n7\n7\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task ACacheThatAnyUserMayWrite_IsNotUsed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        // Whoever can put a file there could have made it.
        var blobs = Directory.CreateDirectory(Path.Combine(_folder.FullName, "cache", "weft", "blobs"));
        if (!OperatingSystem.IsWindows()) blobs.UnixFileMode |= UnixFileMode.OtherWrite;
        await using var worker = new WorkerProcess(coordinator.Address, "cat table.txt", ["--files"], [],
            Cache(Path.Combine(_folder.FullName, "cache")));
        Assert.Equal(1, await worker.ExitAsync());
        Assert.Contains($"weft: Any user may write to {blobs.FullName}: run 'chmod o-w {blobs.FullName}'.",
            worker.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APythonScript_FindsTheFiles_InItsOwnFolder()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var table = Write("table.txt", "7");
        var script = Write("read.py", """
            import os
            def task(n):
                with open('data/table.txt') as file:
                    return [int(file.read()) * n, sorted(os.listdir('.'))]
            """);
        await using var worker = new WorkerProcess(coordinator.Address, null, ["--python"], [],
            Cache(Path.Combine(_folder.FullName, "cache")));
        var result =
            await coordinator.FeedAsync("2\n3\n", "map", "--python", script, "--file", $"data/table.txt={table}");
        Assert.Equal((0, "[14,[\"data\"]]\n[21,[\"data\"]]\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task WhatAProgramWrites_BelowOut_IsSavedForItsSubmitter()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var cache = Path.Combine(_folder.FullName, "cache");
        await using var worker = new WorkerProcess(coordinator.Address,
            "read n && mkdir out/sub && echo $n > out/sub/n.txt && : > out/empty && " +
            "{ test $n != 3 || ln -s /etc out/link; } && echo $n", ["--files"], [], Cache(cache));
        var saved = Path.Combine(_folder.FullName, "saved");
        var result = await coordinator.FeedAsync("1\n2\n", "map", "--out", saved);
        Assert.Equal((0, "1\n2\n"), (result.ExitCode, result.Output));
        Assert.Equal(["1/empty", "1/sub/n.txt", "2/empty", "2/sub/n.txt"], FilesBelow(saved));
        Assert.Equal("2\n", await File.ReadAllTextAsync(Path.Combine(saved, "2/sub/n.txt"), Stop));
        Assert.Empty(Directory.GetDirectories(Path.Combine(cache, "weft", "tasks")));

        var id = (await coordinator.LinesAsync("submit", "7", "--out-mb", "1")).Single();
        await coordinator.LinesAsync("wait", id, "--out", Path.Combine(_folder.FullName, "one"));
        Assert.Equal(["empty", "sub/n.txt"], FilesBelow(Path.Combine(_folder.FullName, "one")));
        var json = JsonElement.Parse((await coordinator.LinesAsync("result", id, "--json")).Single());
        Assert.Equal(["empty", "sub/n.txt"],
            json.GetProperty("outputs").EnumerateArray().Select(static each => each.GetProperty("path").GetString()!));

        // Nobody asked for files, and there is no folder for some; and a link is none.
        id = (await coordinator.LinesAsync("submit", "8", "--max-attempts", "1")).Single();
        Assert.Contains("out/sub", (await coordinator.WeftAsync("wait", id)).Error, StringComparison.Ordinal);
        id = (await coordinator.LinesAsync("submit", "3", "--out-mb", "1", "--max-attempts", "1")).Single();
        Assert.Contains("out/link is not a file", (await coordinator.WeftAsync("wait", id)).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFile_ThatIsNotThere_OrCannotBeAFile_IsSaidBeforeAnythingIsPushed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var table = Write("table.txt", "7");
        Assert.Equal("weft: There is no file nope.\n",
            (await coordinator.WeftAsync("submit", "1", "--file", "nope")).Error);
        Assert.Contains("relative", (await coordinator.WeftAsync("submit", "1", "--file", $"../a={table}")).Error,
            StringComparison.Ordinal);
        Assert.Contains("is a folder", (await coordinator.WeftAsync("submit", "1", "--file", _folder.FullName)).Error,
            StringComparison.Ordinal);
        Assert.Contains("same path",
            (await coordinator.WeftAsync("submit", "1", "--file", table, "--file", table)).Error,
            StringComparison.Ordinal);
        Assert.Empty(await coordinator.LinesAsync("blob", "list", "--json"));
    }

    [Fact]
    public async Task ABlob_IsPushedListedAndDeleted()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var (file, hash) = (Write("a.txt", "a"), HashOf("a"));
        Assert.Equal([hash], await coordinator.LinesAsync("blob", "push", file));
        Assert.Equal([hash], await coordinator.LinesAsync("blob", "push", file));
        Assert.Equal([hash, "1", "no"], (await coordinator.LinesAsync("blob", "list"))[1].Cells()[..3]);
        Assert.Equal([$"{hash} is deleted."], await coordinator.LinesAsync("blob", "delete", hash[..8]));
        var gone = await coordinator.WeftAsync("blob", "delete", hash);
        Assert.StartsWith("weft: It was never pushed completely, or has been deleted", gone.Error,
            StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Cache(string folder) => new() { ["XDG_CACHE_HOME"] = folder };

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
