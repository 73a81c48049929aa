using System.Text.Json;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Client.Tests;

/// <summary>
/// The real coordinator in this process, on a free port and a store of its own. Tests share it, each with its own
/// queue.
/// </summary>
public sealed class TestCoordinator : IAsyncLifetime
{
    private TestStore? _store;
    private Coordinator? _coordinator;
    private HttpClient? _http;

    public Uri Url => _coordinator!.Url;

    /// <summary>A client that nothing goes wrong for.</summary>
    internal WeftClient Client => new(_http!);

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.NewAsync();
        _coordinator = await Coordinator.StartAsync(new() { Port = 0, Data = _store.Folder, Store = _store.Database });
        _http = new() { BaseAddress = _coordinator.Url };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    /// <summary>A client whose requests meet trouble on the way.</summary>
    internal WeftClient ClientBehind(Troublemaker trouble, WeftClientOptions? options = null)
    {
        trouble.InnerHandler = new SocketsHttpHandler();
        return new(new HttpClient(trouble) { BaseAddress = _coordinator!.Url },
            options ?? new() { RetryDelayMin = TimeSpan.FromMilliseconds(1) });
    }

    internal static string NewQueue() => $"q-{Guid.NewGuid():N}";

    internal static JsonElement Json(string text) => JsonElement.Parse(text);
}
