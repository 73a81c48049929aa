using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Weft.Serve;
using Weft.Testing.Stores;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>
/// A coordinator that requires tokens, in this process, with the admin's that it made at its start. Tests share it,
/// each with its own queue.
/// </summary>
public class AccessServer : IAsyncLifetime
{
    private TestStore? _store;
    private Coordinator? _coordinator;
    private HttpClient? _http;

    public Uri Url => _coordinator!.Url;

    public string Admin => _coordinator!.FirstTokens!.Admin;

    public string Worker => _coordinator!.FirstTokens!.Worker;

    protected virtual ServeOptions Options => new() { Access = AccessMode.Tokens };

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.NewAsync();
        var options = Options;
        (options.Port, options.Data, options.Store) = (0, _store.Folder, _store.Database);
        _coordinator = await Coordinator.StartAsync(options);
        _http = new() { BaseAddress = new(Url, "/api/v1/") };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        if (_store is not null) await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a request with a token, or with none.</summary>
    internal Task<ApiAnswer> SendAsync(string? token, string method, string path, string? json = null,
        string? key = null) =>
        SendAsync(token, method, path, json is null ? null : (Encoding.UTF8.GetBytes(json), "application/json"), key);

    /// <summary>Pushes a module.</summary>
    internal Task<ApiAnswer> PutAsync(string? token, string path, byte[] module, string? lease = null) =>
        SendAsync(token, "PUT", path, (module, "application/wasm"), null, lease);

    private async Task<ApiAnswer> SendAsync(string? token, string method, string path,
        (byte[] Bytes, string Type)? body, string? key, string? lease = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (lease is not null) request.Headers.Add("X-Weft-Lease", lease);
        if (body is var (bytes, type))
            request.Content =
                new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var response = await _http!.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        // A stream of events has no end.
        var text = response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? ""
            : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new((int)response.StatusCode, text, response.Headers, response.Content.Headers);
    }

    internal Task<ApiAnswer> GetAsync(string? token, string path) => SendAsync(token, "GET", path);

    internal Task<ApiAnswer> PostAsync(string? token, string path, string? json = null, string? key = null) =>
        SendAsync(token, "POST", path, json, key);

    /// <summary>Pushes a module, and returns its hash.</summary>
    internal async Task<string> PushAsync(string token, byte[] module)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Put, "modules") { Headers = { Authorization = new("Bearer", token) } };
        request.Content =
            new ByteArrayContent(module) { Headers = { ContentType = new MediaTypeHeaderValue("application/wasm") } };
        using var response = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"The module was not taken: {response.StatusCode}");
        return ModuleBytes.Hash(module);
    }

    /// <summary>
    /// A new token: <c>"submit"</c>, or <c>"work","queues":["a"]</c> as JSON from the first scope on.
    /// </summary>
    internal async Task<(long Id, string Text)> TokenAsync(string scopes, params string[] queues)
    {
        var bound = queues.Length == 0 ? "" : $",\"queues\":{JsonSerializer.Serialize(queues)}";
        var made =
            (await PostAsync(Admin, "tokens",
                $$"""{"scopes":{{JsonSerializer.Serialize(scopes.Split(' '))}}{{bound}}}""")).Accepted(201);
        return (made.GetProperty("id").GetInt64(), made.GetProperty("token").GetString()!);
    }

    internal async Task<long> SubmitAsync(string token, string queue, string more = "") =>
        (await PostAsync(token, "tasks", $$"""{"queue":"{{queue}}","payload":1{{more}}}""")).Accepted(201)
            .GetProperty("id").GetInt64();

    internal async Task<(long Id, string Lease)> ClaimOneAsync(string token, string queue, string more = "")
    {
        var task =
            Assert.Single(
                (await PostAsync(
                    token, "tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]{{more}}}""")).Accepted()
                    .GetProperty("tasks").EnumerateArray());
        return (task.GetProperty("id").GetInt64(), task.GetProperty("leaseToken").GetString()!);
    }
}
