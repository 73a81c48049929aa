using System.Net.Http.Headers;
using System.Text;
using Weft.Core;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Tests.Api;

/// <summary>Modules that aren't WebAssembly: which coordinators take them, and what they take for one.</summary>
public sealed class ScriptModuleTests : IAsyncLifetime
{
    private const string JavaScript = "text/javascript", Python = "text/x-python", Folder = "application/zip";

    // An archive's first header; no coordinator looks further.
    private static readonly byte[] Zip = [.. "PK\x03\x04"u8, 0, 0xFF];

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

    [Theory]
    [InlineData(JavaScript, "javascript", "; charset=utf-8")]
    [InlineData(Python, "python", "; charset=utf-8")]
    [InlineData(Folder, "python", "")]
    public async Task Module_IsTaken_HandedOut_AndAsksForItsOwnWorkers(string type, string kind, string charset)
    {
        var module = SampleOf(type);
        using var pushed = await PushAsync(module, type);
        Assert.Equal(201, (int)pushed.StatusCode);
        Assert.Contains($"\"kind\":\"{kind}\"", await TextAsync(pushed), StringComparison.Ordinal);
        var stop = TestContext.Current.CancellationToken;
        using var fetched = await Http.GetAsync($"api/v1/modules/{ModuleBytes.Hash(module)}", stop);
        Assert.Equal(type + charset, fetched.Content.Headers.ContentType?.ToString());
        Assert.Equal(module, await fetched.Content.ReadAsByteArrayAsync(stop));
        // The name stands in tracebacks.
        Assert.Equal(type == JavaScript ? null : "quadrát.py",
            fetched.Content.Headers.ContentDisposition?.FileNameStar);

        var request = $$"""{"payload":1,"module":"{{ModuleBytes.Hash(module)}}"}""";
        using var task = await Http.PostAsync("api/v1/tasks", new StringContent(request), stop);
        Assert.Contains($"\"requires\":[\"{kind}\"]", await Http.GetStringAsync(task.Headers.Location, stop),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript")]
    [InlineData("python")]
    public async Task ATask_CanNotAskForTheLabelItself(string label)
    {
        using var task = await Http.PostAsync("api/v1/tasks",
            new StringContent($$"""{"payload":1,"requires":["{{label}}"]}"""), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)task.StatusCode);
    }

    [Theory]
    [InlineData(Python, Limits.PythonModuleBytesMax, "A Python module may have at most 1 MiB.")]
    [InlineData(Folder, Limits.PythonFolderBytesMax, "A zipped Python module may have at most 16 MiB.")]
    public async Task Module_OfMoreThanItsBound_IsRefused_AndOneOfExactlyIt_IsTaken(string type, long max, string says)
    {
        var bytes = new byte[max];
        Array.Fill(bytes, (byte)'#');
        if (type == Folder) Zip.AsSpan(0, 4).CopyTo(bytes);
        using var full = await PushAsync(bytes, type);
        Assert.Equal(201, (int)full.StatusCode);
        using var over = await PushAsync([.. bytes, (byte)'#'], type);
        Assert.Equal(400, (int)over.StatusCode);
        Assert.Contains(says, await TextAsync(over), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JavaScript, "")]
    [InlineData(JavaScript, "C3")]
    [InlineData(JavaScript, "61FF62")]
    [InlineData(JavaScript, "0061736D01000000")]
    [InlineData(Python, "")]
    [InlineData(Python, "C3")]
    [InlineData(Python, "61FF62")]
    [InlineData(Python, "0061736D01000000")]
    [InlineData(Folder, "")]
    [InlineData(Folder, "504B03")]
    [InlineData(Folder, "504B0506000000000000")]
    [InlineData(Folder, "0061736D01000000")]
    public async Task Module_ThatIsNone_IsRefused(string type, string hex)
    {
        using var pushed = await PushAsync(Convert.FromHexString(hex), type);
        Assert.Equal(400, (int)pushed.StatusCode);
        Assert.Contains("invalid_module", await TextAsync(pushed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JavaScript, "javascript")]
    [InlineData(Python, "python")]
    [InlineData(Folder, "python")]
    public async Task Module_IsNeitherTakenNorHandedOut_WhereItIsForbidden(string type, string kind)
    {
        var module = SampleOf(type);
        (await PushAsync(module, type)).Dispose();
        await _coordinator!.DisposeAsync();
        _coordinator = await StartAsync(allow: false);
        using var fetched = await Http.GetAsync($"api/v1/modules/{ModuleBytes.Hash(module)}",
            TestContext.Current.CancellationToken);
        using var pushed = await PushAsync(module, type);
        Assert.Equal((403, 403), ((int)fetched.StatusCode, (int)pushed.StatusCode));
        Assert.Contains($"{kind}_not_allowed", await TextAsync(fetched), StringComparison.Ordinal);
        Assert.Contains($"--allow-{kind}-modules", await TextAsync(pushed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", null, false, null, true)]
    [InlineData("127.0.0.1", AccessMode.Tokens, false, null, false)]
    [InlineData("0.0.0.0", null, false, null, false)]
    [InlineData("0.0.0.0", null, true, null, false)]
    [InlineData("0.0.0.0", null, false, true, true)]
    [InlineData("127.0.0.1", null, false, false, false)]
    public void PythonIsAllowed_WhereAccessIsOpenOnLoopback_OrByTheFlag(
        string host, AccessMode? access, bool open, bool? flag, bool allowed)
    {
        var options = new ServeOptions { Host = host, Access = access, Open = open, AllowPythonModules = flag };
        AccessSettings.Complete(options);
        Assert.Equal(allowed, options.AllowPythonModules);
    }

    private static byte[] SampleOf(string type) => type switch
    {
        JavaScript => Encoding.UTF8.GetBytes("export default async payload => payload; // é"),
        Python => Encoding.UTF8.GetBytes("def task(n):\n    return n * n  # é\n"),
        _ => Zip,
    };

    private HttpClient Http => new() { BaseAddress = _coordinator!.Url };

    private Task<Coordinator> StartAsync(bool allow) => Coordinator.StartAsync(new()
    {
        Port = 0,
        Data = _store!.Folder,
        Store = _store.Database,
        AllowJavaScriptModules = allow,
        AllowPythonModules = allow,
    });

    private Task<HttpResponseMessage> PushAsync(byte[] module, string type)
    {
        var content = new ByteArrayContent(module) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return Http.PutAsync("api/v1/modules?name=quadr%C3%A1t.py", content, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
