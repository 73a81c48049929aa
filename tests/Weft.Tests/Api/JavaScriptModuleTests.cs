using System.Text;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Tests.Api;

/// <summary>A coordinator whose owner has allowed JavaScript modules.</summary>
public sealed class JavaScriptModuleTests : IAsyncLifetime
{
    private static readonly byte[] Script = Encoding.UTF8.GetBytes("export default async payload => payload; // é");

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
    public async Task Script_IsTaken_HandedOut_AndAsksForItsOwnWorkers()
    {
        using var pushed = await PushAsync(Script);
        Assert.Equal(201, (int)pushed.StatusCode);
        Assert.Contains("\"kind\":\"javascript\"", await TextAsync(pushed), StringComparison.Ordinal);
        using var fetched = await Http.GetAsync($"api/v1/modules/{ModuleBytes.Hash(Script)}", TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript; charset=utf-8", fetched.Content.Headers.ContentType?.ToString());
        Assert.Equal(Script, await fetched.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        using var task = await Http.PostAsync("api/v1/tasks", new StringContent($$"""{"payload":1,"module":"{{ModuleBytes.Hash(Script)}}"}"""), TestContext.Current.CancellationToken);
        Assert.Contains("\"requires\":[\"javascript\"]", await Http.GetStringAsync(task.Headers.Location, TestContext.Current.CancellationToken), StringComparison.Ordinal);
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
    public async Task Script_IsNotHandedOut_OnceItIsForbiddenAgain()
    {
        (await PushAsync(Script)).Dispose();
        await _coordinator!.DisposeAsync();
        _coordinator = await StartAsync(allow: false);
        using var fetched = await Http.GetAsync($"api/v1/modules/{ModuleBytes.Hash(Script)}", TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)fetched.StatusCode);
        Assert.Contains("javascript_not_allowed", await TextAsync(fetched), StringComparison.Ordinal);
    }

    private HttpClient Http => new() { BaseAddress = _coordinator!.Url };

    private Task<Coordinator> StartAsync(bool allow) => Coordinator.StartAsync(new() { Port = 0, Data = _store!.Folder, Store = _store.Database, AllowJavaScriptModules = allow });

    private Task<HttpResponseMessage> PushAsync(byte[] script)
    {
        var content = new ByteArrayContent(script) { Headers = { ContentType = new("text/javascript") } };
        return Http.PutAsync("api/v1/modules", content, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
