using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// A running coordinator's API, for commands: whatever goes wrong is a <see cref="CommandFailure"/>, which is an
/// <see cref="UnreachableFailure"/> where it may go well later, a <see cref="RefusedFailure"/> where the coordinator says no.
/// Paths are those below <c>/api/v1/</c>. Safe for use by many threads.
/// </summary>
/// <param name="url">Ends with a slash.</param>
/// <param name="token">Goes with every request; null for none.</param>
internal sealed class RemoteApi(Uri url, string? token) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, DefaultRequestHeaders = { Authorization = token is null ? null : new("Bearer", token) } };

    public Uri Url => url;

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) => SendAsync(Describe(HttpMethod.Get, path), answer, stop);

    /// <summary>Posts without a body.</summary>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) => SendAsync(Describe(HttpMethod.Post, path), answer, stop);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) => SendAsync(Describe(HttpMethod.Delete, path), answer, stop);

    /// <param name="key">The <c>Idempotency-Key</c>; null for none.</param>
    public Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, string? key, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        var request = Describe(HttpMethod.Post, path);
        request.Content = JsonContent.Create(body, bodyType);
        // Unchecked: what may stand in a key, the coordinator says.
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return SendAsync(request, answer, stop);
    }

    public Task<T> PutAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        var request = Describe(HttpMethod.Put, path);
        request.Content = JsonContent.Create(body, bodyType);
        return SendAsync(request, answer, stop);
    }

    /// <summary>Puts bytes as they are.</summary>
    public Task<T> PutAsync<T>(string path, Stream body, string contentType, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        var request = Describe(HttpMethod.Put, path);
        request.Content = new StreamContent(body) { Headers = { ContentType = new(contentType) } };
        // A refusal of a large body should come before the body, or the connection breaks under it.
        request.Headers.ExpectContinue = true;
        return SendAsync(request, answer, stop);
    }

    /// <summary>Deletes what leaves nothing to say.</summary>
    public Task DeleteAsync(string path, CancellationToken stop) => AskAsync(async () =>
    {
        using var request = Describe(HttpMethod.Delete, path);
        using var response = await _http.SendAsync(request, stop);
        return response.IsSuccessStatusCode ? true : throw Explain(response.StatusCode, await response.Content.ReadAsStringAsync(stop));
    }, stop);

    /// <summary>Whether something is at a path. False also where the coordinator doesn't say: the next request tells why.</summary>
    public Task<bool> ExistsAsync(string path, CancellationToken stop) => AskAsync(async () =>
    {
        using var request = Describe(HttpMethod.Head, path);
        using var response = await _http.SendAsync(request, stop);
        return response.IsSuccessStatusCode;
    }, stop);

    /// <summary>Reads NDJSON as it comes.</summary>
    public async IAsyncEnumerable<T> GetLinesAsync<T>(string path, JsonTypeInfo<T> line, [EnumeratorCancellation] CancellationToken stop)
    {
        using var request = Describe(HttpMethod.Get, path);
        using var response = await AskAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), stop);
        if (!response.IsSuccessStatusCode) throw await AskAsync(async () => Explain(response.StatusCode, await response.Content.ReadAsStringAsync(stop)), stop);
        using var reader = new StreamReader(await AskAsync(() => response.Content.ReadAsStreamAsync(stop), stop));
        // The client's own timeout ends with the headers.
        while (await AskAsync(() => reader.ReadLineAsync(stop).AsTask().WaitAsync(_http.Timeout, TimeProvider.System, stop), stop) is { } text)
        {
            yield return await AskAsync(() => Task.FromResult(Read(text, line)), stop);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Describe(HttpMethod method, string path) => new(method, new Uri("api/v1/" + path, UriKind.Relative));

    private Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> answer, CancellationToken stop) => AskAsync(async () =>
    {
        using var sent = request;
        using var response = await _http.SendAsync(request, stop);
        var body = await response.Content.ReadAsStringAsync(stop);
        return response.IsSuccessStatusCode ? Read(body, answer) : throw Explain(response.StatusCode, body);
    }, stop);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken stop)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException exception)
        {
            throw new UnreachableFailure($"No coordinator answers at {url}: {exception.Message}. Start one with 'weft serve', or name another with --url.");
        }
        catch (IOException exception)
        {
            throw new UnreachableFailure($"The coordinator at {url} broke off: {exception.Message}");
        }
        catch (Exception exception) when (exception is TimeoutException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            throw new UnreachableFailure($"{url} did not answer within {_http.Timeout.TotalSeconds:0} s.");
        }
        catch (JsonException)
        {
            // A proxy's page, or some other server's.
            throw new CommandFailure($"What answers at {url} is not a Weft coordinator.");
        }
    }

    private static T Read<T>(string json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json, type) ?? throw new JsonException();

    private CommandFailure Explain(HttpStatusCode status, string body)
    {
        var isTrouble = status >= HttpStatusCode.InternalServerError;
        try
        {
            if (Read(body, WireJson.Default.Problem) is not { Detail: { } detail, Code: { } code }) throw new JsonException();
            if (status == HttpStatusCode.Unauthorized)
            {
                detail = token is null
                    ? $"{url} wants a token: put one into the variable {RemoteCommand.TokenVariable}, or name its file with --token-file."
                    : $"{url} does not know this token: it was revoked, has expired, or is for another coordinator.";
            }

            return isTrouble ? new UnreachableFailure(detail) : new RefusedFailure(status, code, detail);
        }
        catch (JsonException) when (isTrouble)
        {
            return new UnreachableFailure($"The way to the coordinator is disturbed: {(int)status} {status}.");
        }
    }
}
