using System.Net.Http.Headers;
using System.Text;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Postgres;

/// <summary>nginx, as we ship it, changes nothing that clients rely on.</summary>
public sealed class BehindNginxTests : IAsyncLifetime
{
    private const int ModuleBytes = 40 << 20;
    private static readonly TimeSpan ScriptMax = TimeSpan.FromSeconds(120);

    private SharedStack _stack = null!;

    public async ValueTask InitializeAsync() => _stack = await SharedStack.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stack.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task TheTestScript_FindsNothingWrong()
    {
        var script = Command.Describe(Repository.PathOf("test-coordinator.sh"), Repository.Root,
            [_stack.Nginx.Address.ToString()]);
        var result = await Command.RunAsync(script, ScriptMax);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains(", 0 failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultsOfAGroup_ComeWhenTheyAreThere_NotWhenTheStreamEnds()
    {
        var stop = TestContext.Current.CancellationToken;
        var group = (await _stack.Wire.PostAsync("/api/v1/groups", "{}")).Json.GetProperty("id").GetInt64();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(201,
                (await _stack.Wire.PostAsync("/api/v1/tasks", $$"""{"payload":{{i}},"group":{{group}}}""")).Status);
        }
        using var http = new HttpClient { BaseAddress = _stack.Nginx.Address };
        using var stream = await http.GetAsync($"/api/v1/groups/{group}/results?wait=20",
            HttpCompletionOption.ResponseHeadersRead, stop);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(stop), Encoding.UTF8);

        // The second is worked on only once the first has been read.
        foreach (var end in (string[])["first", "second"])
        {
            var claim = await _stack.Wire.ClaimAsync("w");
            await _stack.Wire.CompleteAsync(claim!.TaskId, $$"""{"result":"{{end}}"}""");
            Assert.Contains($"\"{end}\"", await lines.ReadLineAsync(stop), StringComparison.Ordinal);
        }

        Assert.Contains("\"done\":true", await lines.ReadLineAsync(stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALargeModule_PassesThrough()
    {
        // A custom section may hold anything:
        // https://webassembly.github.io/spec/core/binary/modules.html#custom-section
        byte[] head = [.. WasmCommand.Bytes, 0, .. Leb128(ModuleBytes), 0];
        var module = new byte[head.Length + ModuleBytes - 1];
        head.CopyTo(module, 0);
        var pushed = await _stack.Wire.SendAsync(HttpMethod.Put, "/api/v1/modules",
            new ByteArrayContent(module) { Headers = { ContentType = new MediaTypeHeaderValue("application/wasm") } });
        Assert.True(pushed.Status == 201, pushed.ToString());
        Assert.Equal(module.Length,
            (await _stack.Wire.GetAsync(
            $"/api/v1/modules/{pushed.Json.GetProperty("sha256").GetString()}")).Body.Length);
    }

    [Fact]
    public async Task ATokenInAQuery_IsNotInTheLog()
    {
        using var wire = new Wire(_stack.Nginx.Address, "weft_in-a-header");
        Assert.Equal(200, (await wire.GetAsync("/health?token=weft_in-a-query")).Status);
        await Eventually.SeeAsync("the request is logged", () => Task.FromResult(_stack.Nginx.AccessLog),
            static log => log.Contains("\"GET /health\" 200", StringComparison.Ordinal));
        Assert.DoesNotContain("weft_in", _stack.Nginx.AccessLog, StringComparison.Ordinal);
    }

    private static byte[] Leb128(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
