using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Weft.Serve;
using Weft.Testing.Stores;

namespace Weft.Tests.Api;

/// <summary>
/// The whole coordinator in this process, on a free port and a store of its own. Tests share it, each with its own
/// queue.
/// </summary>
public sealed class ApiServer : IAsyncLifetime
{
    private TestStore? _store;
    private Coordinator? _coordinator;
    private HttpClient? _http;

    public Uri Url => _coordinator!.Url;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.NewAsync();
        await StartAsync();
    }

    /// <summary>Stops the coordinator, and starts another on the same store.</summary>
    internal async Task RestartAsync()
    {
        _http!.Dispose();
        await _coordinator!.StopAsync();
        await _coordinator.DisposeAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _coordinator = await Coordinator.StartAsync(new()
        {
            Port = 0,
            Data = _store!.Folder,
            Store = _store.Database,
            AllowPythonModules = true,
            Board = true,
        });
        _http = new() { BaseAddress = new(Url, "/api/v1/") };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
    }

    internal static string NewQueue() => $"q-{Guid.NewGuid():N}";

    internal Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    internal Task<ApiAnswer> PostAsync(string path, string json, string? key = null) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), key);

    internal Task<ApiAnswer> PostAsync(string path, byte[] body, string? key = null) =>
        SendAsync(HttpMethod.Post, path, body, key);

    internal Task<ApiAnswer> PutAsync(string path, string json) =>
        SendAsync(HttpMethod.Put, path, Encoding.UTF8.GetBytes(json));

    internal Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Pushes a module.</summary>
    internal Task<ApiAnswer> PushAsync(byte[] module, string query = "", string type = "application/wasm") =>
        SendAsync(HttpMethod.Put, $"modules{query}", module, type: type);

    /// <summary>Pushes a file that a task has written.</summary>
    internal Task<ApiAnswer> PushOutputAsync(long task, string lease, string hash, byte[] bytes, string query = "") =>
        SendAsync(HttpMethod.Put, $"tasks/{task}/outputs/{hash}{query}", bytes, type: "application/octet-stream",
            lease: lease);

    internal async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, byte[]? body, string? key = null, string type = "application/json",
        string? lease = null, CancellationToken gone = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (lease is not null) request.Headers.Add("X-Weft-Lease", lease);
        if (body is not null)
        {
            // A refusal of a large body must come before the body, or the connection breaks under it.
            request.Headers.ExpectContinue = body.Length > 1 << 20;
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await _http!.SendAsync(request, gone);
        var text = await response.Content.ReadAsStringAsync(gone);
        return new((int)response.StatusCode, text, response.Headers, response.Content.Headers);
    }

    /// <summary>Submits one task and answers its id.</summary>
    internal async Task<long> SubmitAsync(string queue, string payload = "1", string more = "") =>
        (await PostAsync("tasks", $$"""{"queue":"{{queue}}","payload":{{payload}}{{more}}}""")).Accepted(201)
            .GetProperty("id").GetInt64();

    /// <summary>Claims the one task that a queue has.</summary>
    internal async Task<(long Id, string Token)> ClaimOneAsync(string queue, string more = "")
    {
        var task = await ClaimTaskAsync(queue, more);
        return (task.GetProperty("id").GetInt64(), task.GetProperty("leaseToken").GetString()!);
    }

    /// <summary>Claims the one task that a queue has, all of it.</summary>
    internal async Task<JsonElement> ClaimTaskAsync(string queue, string more = "")
    {
        var answer =
            (await PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]{{more}}}""")).Accepted();
        return Assert.Single(answer.GetProperty("tasks").EnumerateArray());
    }

    internal async Task<JsonElement> TaskAsync(long id) => (await GetAsync($"tasks/{id}")).Accepted();

    internal async Task<string> StateAsync(long id) => (await TaskAsync(id)).GetProperty("state").GetString()!;
}
