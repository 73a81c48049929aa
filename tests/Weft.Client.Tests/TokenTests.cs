using System.Net;
using Weft.Contracts;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Client.Tests;

public sealed class TokenTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private TestStore? _store;
    private Coordinator? _coordinator;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.NewAsync();
        _coordinator = await Coordinator.StartAsync(
            new() { Port = 0, Data = _store.Folder, Store = _store.Database, Access = AccessMode.Tokens });
        _http.BaseAddress = _coordinator.Url;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    [Fact]
    public async Task ATokenOfTheOptions_GoesWithEveryRequest()
    {
        var stop = TestContext.Current.CancellationToken;
        var client = new WeftClient(_http, new() { Token = _coordinator!.FirstTokens!.Admin });
        var group = await client.CreateGroupAsync("run", stop);
        var id = await client.SubmitAsync(new Job(7), TestJson.Default.Job, new() { Group = group.Id },
            cancellationToken: stop);
        await client.CancelAsync(id, stop);
        await foreach (var result in client.ReadGroupResultsAsync(group.Id, cancellationToken: stop))
        {
            Assert.Equal(TaskStates.Cancelled, result.State);
        }
    }

    [Fact]
    public async Task WithoutOne_TheRefusalIsTold_AndNotRetried()
    {
        var exception = await Assert.ThrowsAsync<WeftException>(() => new WeftClient(_http)
            .GetAsync(1, TestContext.Current.CancellationToken));
        Assert.Equal((HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized, false),
            (exception.Status, exception.Code, exception.IsTransient));
    }

    [Fact]
    public void Options_DontShowTheToken() =>
        Assert.DoesNotContain("secret", new WeftClientOptions { Token = "secret" }.ToString(),
            StringComparison.Ordinal);
}
