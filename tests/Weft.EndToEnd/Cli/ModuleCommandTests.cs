using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class ModuleCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Push_PrintsTheHash_AndTheListShowsTheModule()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var (file, hash) = Write("first.wasm", "first");
        Assert.Equal([hash], await coordinator.LinesAsync("module", "push", file));
        var again = JsonElement.Parse(
            Assert.Single(await coordinator.LinesAsync("module", "push", file, "--name", "my module", "--json")));
        Assert.Equal((hash, "my module"),
            (again.GetProperty("sha256").GetString(), again.GetProperty("name").GetString()));

        var rows = (await coordinator.LinesAsync("module", "list")).Select(RemoteWeft.Cells).ToArray();
        Assert.Equal(["SHA256", "KIND", "BYTES", "IN-USE", "CREATED", "RUNS", "NAME"], rows[0]);
        Assert.Equal([hash, "wasm", "58", "no"], Assert.Single(rows[1..])[..4]);
        Assert.Equal(["repeatable", "my", "module"], rows[1][^3..]);
        Assert.Equal([$"{hash} is deleted."], await coordinator.LinesAsync("module", "delete", hash));
        Assert.Empty(await coordinator.LinesAsync("module", "list", "--json"));
    }

    [Fact]
    public async Task Submit_PushesTheModuleWhenNeeded_AndSaysHowToRunIt()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var (file, hash) = Write("work.wasm", "work");
        string[] run = ["--arg", "a", "--arg=-b", "--env", "K=v=w", "--timeout-seconds", "5", "--memory-mb",
            "64", "--fixed"];
        Assert.Equal(["1"], await coordinator.LinesAsync(["submit", "7", "--module", file, .. run]));
        File.Delete(file);
        Assert.Equal(["2"], await coordinator.LinesAsync("submit", "8", "--module", hash));

        var task = (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json;
        Assert.Equal(hash, task.GetProperty("module").GetString());
        Assert.Equal("""{"args":["a","-b"],"env":{"K":"v=w"},"timeoutSeconds":5,"memoryMb":64,"fixed":true}""",
            task.GetProperty("run").GetRawText());
        Assert.False((await coordinator.Wire.GetAsync("/api/v1/tasks/2")).Json.TryGetProperty("run", out _));
        var refused = await coordinator.WeftAsync("module", "delete", hash);
        Assert.Equal(new(1, "", "weft: A queue or a stored task, possibly a finished one, refers to it.\n"), refused);
    }

    [Fact]
    public async Task Queue_IsGivenAModule_AndItIsTakenAway()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var (file, hash) = Write("queue.wasm", "queue");
        Assert.Equal([$"q runs {hash}."], await coordinator.LinesAsync("queues", "module", "q", file, "--fixed"));
        var queue = JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("queues", "--json")));
        Assert.Equal(("q", hash, true),
            (queue.GetProperty("name").GetString(), queue.GetProperty("module").GetString(), queue.GetProperty("run")
            .GetProperty("fixed").GetBoolean()));
        Assert.Equal([$"q runs {hash} and gives its tasks 1 file."],
            await coordinator.LinesAsync("queues", "module", "q", hash, "--file", $"data/table={file}"));
        var files = JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("queues", "--json")))
            .GetProperty("run").GetProperty("files").EnumerateArray();
        Assert.Equal("data/table", Assert.Single(files).GetProperty("path").GetString());
        Assert.Equal(["q has no module and no files."],
            await coordinator.LinesAsync("queues", "module", "q", "--none"));
        Assert.Empty(await coordinator.LinesAsync("queues", "--json"));
    }

    [Fact]
    public async Task TheBeginningOfAHash_NamesTheModule_WhereNoOtherBeginsSo()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        // Two whose hashes begin with the same four digits.
        var hashes = new Dictionary<string, (string File, string Hash)>();
        var (first, second) = ((File: "", Hash: ""), (File: "", Hash: ""));
        for (var i = 0; second.Hash.Length == 0; i++)
        {
            var module = Write("m.wasm", i.ToString("00000", System.Globalization.CultureInfo.InvariantCulture));
            if (hashes.TryGetValue(module.Hash[..4], out var other)) (first, second) = (other, module);
            hashes[module.Hash[..4]] = module with
            {
                File = i.ToString("00000", System.Globalization.CultureInfo.InvariantCulture),
            };
        }

        await coordinator.LinesAsync("module", "push", Write("first.wasm", first.File).File);
        await coordinator.LinesAsync("module", "push", second.File);
        var refused = await coordinator.WeftAsync("module", "delete", first.Hash[..4]);
        Assert.Equal(new(1, "", $"weft: 2 modules have a hash that starts with {first.Hash[..4]}: give more digits.\n"),
            refused);

        Assert.Equal([$"{first.Hash} is deleted."], await coordinator.LinesAsync("module", "delete", first.Hash[..20]));
        Assert.Equal(["1"], await coordinator.LinesAsync("submit", "7", "--module", second.Hash[..4]));
        Assert.Equal([$"q runs {second.Hash}."],
            await coordinator.LinesAsync("queues", "module", "q", second.Hash[..4]));
        Assert.Equal(second.Hash, (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("module")
            .GetString());
    }

    [Theory]
    [InlineData("nowhere.wasm is neither a file nor", 1, "module", "push", "nowhere.wasm")]
    [InlineData("nowhere.wasm is neither a file nor", 1, "submit", "1", "--module", "nowhere.wasm")]
    [InlineData("is a hash; give the file", 1, "module", "push",
        "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("push it with PUT", 1, "submit", "1", "--module",
        "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("64 lowercase hex digits", 1, "module", "delete", "zebra")]
    [InlineData("run needs a module", 1, "submit", "1", "--fixed")]
    [InlineData("--env: 'K' is not NAME=VALUE", 2, "submit", "1", "--env", "K")]
    [InlineData("--memory-mb: '0' is not a number from 1 to 4096", 2, "submit", "1", "--memory-mb", "0")]
    [InlineData("Give a module, files or both, or only --none to remove them", 2, "queues", "module", "q")]
    public async Task WhatCannotBeDone_IsOneLine(string says, int exitCode, params string[] arguments)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await AssertRefusedAsync(coordinator, says, exitCode, arguments);
    }

    [Fact]
    public async Task Push_OfWhatIsNoModule_IsOneLine()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var text = Path.Combine(_folder.FullName, "notes.wasm");
        await File.WriteAllTextAsync(text, "not a module", TestContext.Current.CancellationToken);
        await AssertRefusedAsync(coordinator, "This is not a WebAssembly module", 1, "module", "push", text);
        var script = Path.ChangeExtension(text, ".mjs");
        await File.WriteAllTextAsync(script, "export default x => x", TestContext.Current.CancellationToken);
        await AssertRefusedAsync(coordinator, "--allow-javascript-modules", 1, "module", "push", script);
        await AssertRefusedAsync(coordinator, "is neither a file nor", 1, "module", "push", _folder.FullName);
    }

    [Fact]
    public async Task Push_OfAScript_IsTaken_WhereItIsAllowed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        var script = Path.Combine(_folder.FullName, "double.mjs");
        await File.WriteAllTextAsync(script, "export default async n => 2 * n;", TestContext.Current.CancellationToken);
        var info = JsonElement.Parse(Assert.Single(await coordinator.LinesAsync("module", "push", script, "--json")));
        Assert.Equal(("javascript", "double.mjs"),
            (info.GetProperty("kind").GetString(), info.GetProperty("name").GetString()));
    }

    private static async Task AssertRefusedAsync(CoordinatorProcess coordinator, string says, int exitCode,
        params string[] arguments)
    {
        var result = await coordinator.WeftAsync(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Output));
        Assert.Contains(says, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    /// <summary>A module whose one custom section holds the text.</summary>
    private (string File, string Hash) Write(string name, string text)
    {
        byte[] module = [.. WasmCommand.Bytes, 0, (byte)(text.Length + 1), 0, .. Encoding.ASCII.GetBytes(text)];
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(file, module);
        return (file, Convert.ToHexStringLower(SHA256.HashData(module)));
    }
}
