using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>A running coordinator's API, for commands: whatever goes wrong is a <see cref="CommandFailure"/>.</summary>
/// <param name="url">Ends with a slash.</param>
internal sealed class RemoteApi(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url };

    /// <param name="path">Below <c>/api/v1/</c>.</param>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) => SendAsync(Describe(HttpMethod.Get, path), answer, stop);

    /// <summary>Posts without a body.</summary>
    /// <param name="path">Below <c>/api/v1/</c>.</param>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) => SendAsync(Describe(HttpMethod.Post, path), answer, stop);

    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="key">The <c>Idempotency-Key</c>; null for none.</param>
    public Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, string? key, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        var request = Describe(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body, bodyType);
        // Unchecked: what may stand in a key, the coordinator says.
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return SendAsync(request, answer, stop);
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Describe(HttpMethod method, string path) => new(method, new Uri("api/v1/" + path, UriKind.Relative));

    /// <exception cref="UnreachableFailure">It may go well later.</exception>
    /// <exception cref="RefusedFailure">The coordinator says no.</exception>
    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        using var sent = request;
        try
        {
            using var response = await _http.SendAsync(request, stop);
            var body = await response.Content.ReadAsByteArrayAsync(stop);
            if (!response.IsSuccessStatusCode) throw Explain(response.StatusCode, body);
            return JsonSerializer.Deserialize(body, answer) ?? throw new JsonException();
        }
        catch (HttpRequestException exception)
        {
            throw new UnreachableFailure($"No coordinator answers at {url}: {exception.Message}. Start one with 'weft serve', or name another with --url.");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new UnreachableFailure($"{url} did not answer within {_http.Timeout.TotalSeconds:0} s.");
        }
        catch (JsonException)
        {
            // A proxy's page, or some other server's.
            throw new CommandFailure($"What answers at {url} is not a Weft coordinator.");
        }
    }

    private static CommandFailure Explain(HttpStatusCode status, byte[] body)
    {
        var isTrouble = status >= HttpStatusCode.InternalServerError;
        try
        {
            var problem = JsonSerializer.Deserialize(body, WireJson.Default.Problem);
            if (problem is not { Detail: { } detail, Code: { } code }) throw new JsonException();
            return isTrouble ? new UnreachableFailure(detail) : new RefusedFailure(status, code, detail);
        }
        catch (JsonException) when (isTrouble)
        {
            return new UnreachableFailure($"The way to the coordinator is disturbed: {(int)status} {status}.");
        }
    }
}
