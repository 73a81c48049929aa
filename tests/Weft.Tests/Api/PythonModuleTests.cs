using System.Net.Http.Headers;
using System.Text;
using Weft.Core;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Tests.Api;

/// <summary>Python modules: a coordinator that takes them, and which ones do.</summary>
public sealed class PythonModuleTests : IAsyncLifetime
{
    private static readonly byte[] Script = Encoding.UTF8.GetBytes("def task(n):\n    return n * n  # é\n");

    private TestStore? _store;
    private Coordinator? _coordinator;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.NewAsync();
        _coordinator = await StartAsync(allow: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _coordinator!.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Script_IsTaken_HandedOutWithItsName_AndAsksForItsOwnWorkers()
    {
        using var pushed = await PushAsync(Script);
        Assert.Equal(201, (int)pushed.StatusCode);
        Assert.Contains("\"kind\":\"python\"", await TextAsync(pushed), StringComparison.Ordinal);
        var stop = TestContext.Current.CancellationToken;
        using var fetched = await Http.GetAsync($"api/v1/modules/{ModuleBytes.Hash(Script)}", stop);
        Assert.Equal("text/x-python; charset=utf-8", fetched.Content.Headers.ContentType?.ToString());
        Assert.Equal(("attachment", "quadrát.py"), (fetched.Content.Headers.ContentDisposition?.DispositionType,
            fetched.Content.Headers.ContentDisposition?.FileNameStar));
        Assert.Equal(Script, await fetched.Content.ReadAsByteArrayAsync(stop));

        var request = $$"""{"payload":1,"module":"{{ModuleBytes.Hash(Script)}}"}""";
        using var task = await Http.PostAsync("api/v1/tasks", new StringContent(request), stop);
        Assert.Contains("\"requires\":[\"python\"]", await Http.GetStringAsync(task.Headers.Location, stop),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATask_CanNotAskForTheLabelItself()
    {
        using var task = await Http.PostAsync("api/v1/tasks",
            new StringContent("""{"payload":1,"requires":["python"]}"""), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)task.StatusCode);
    }

    [Fact]
    public async Task Script_OfMoreThanItsBound_IsRefused_AndOneOfExactlyIt_IsTaken()
    {
        using var full = await PushAsync(Enumerable.Repeat((byte)'#', (int)Limits.PythonModuleBytesMax).ToArray());
        Assert.Equal(201, (int)full.StatusCode);
        using var over = await PushAsync(Enumerable.Repeat((byte)'#', (int)Limits.PythonModuleBytesMax + 1).ToArray());
        Assert.Equal(400, (int)over.StatusCode);
        Assert.Contains("A Python module has at most 1 MiB.", await TextAsync(over), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C3")]
    [InlineData("61FF62")]
    [InlineData("0061736D01000000")]
    public async Task Script_ThatIsNoText_IsRefused(string hex)
    {
        using var pushed = await PushAsync(Convert.FromHexString(hex));
        Assert.Equal(400, (int)pushed.StatusCode);
        Assert.Contains("invalid_module", await TextAsync(pushed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_IsNeitherTakenNorHandedOut_WhereItIsForbidden()
    {
        (await PushAsync(Script)).Dispose();
        await _coordinator!.DisposeAsync();
        _coordinator = await StartAsync(allow: false);
        using var fetched = await Http.GetAsync($"api/v1/modules/{ModuleBytes.Hash(Script)}",
            TestContext.Current.CancellationToken);
        using var pushed = await PushAsync(Script);
        Assert.Equal((403, 403), ((int)fetched.StatusCode, (int)pushed.StatusCode));
        Assert.Contains("python_not_allowed", await TextAsync(fetched), StringComparison.Ordinal);
        Assert.Contains("--allow-python-modules", await TextAsync(pushed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", null, false, null, true)]
    [InlineData("127.0.0.1", AccessMode.Tokens, false, null, false)]
    [InlineData("0.0.0.0", null, false, null, false)]
    [InlineData("0.0.0.0", null, true, null, false)]
    [InlineData("0.0.0.0", null, false, true, true)]
    [InlineData("127.0.0.1", null, false, false, false)]
    public void ScriptsAreAllowed_WhereAccessIsOpenOnLoopback_OrByTheFlag(
        string host, AccessMode? access, bool open, bool? flag, bool allowed)
    {
        var options = new ServeOptions { Host = host, Access = access, Open = open, AllowPythonModules = flag };
        AccessSettings.Complete(options);
        Assert.Equal(allowed, options.AllowPythonModules);
    }

    private HttpClient Http => new() { BaseAddress = _coordinator!.Url };

    private Task<Coordinator> StartAsync(bool allow) => Coordinator.StartAsync(
        new() { Port = 0, Data = _store!.Folder, Store = _store.Database, AllowPythonModules = allow });

    private Task<HttpResponseMessage> PushAsync(byte[] script)
    {
        var content = new ByteArrayContent(script) { Headers = { ContentType = new MediaTypeHeaderValue("text/x-python") } };
        return Http.PutAsync("api/v1/modules?name=quadr%C3%A1t.py", content, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
