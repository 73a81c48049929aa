using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Http;

namespace Weft.Client.Frozen;

/// <summary>
/// Calls the six endpoints at the coordinator's root, which never change. Every method throws
/// <see cref="FrozenException"/> when the coordinator refuses the request, and <see cref="HttpRequestException"/> when
/// it can't be reached. Nothing is retried: what to repeat, and when, is the caller's decision. Safe for use by many
/// threads.
/// </summary>
/// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the coordinator's. The caller disposes of it.</param>
public sealed class FrozenClient(HttpClient http)
{
    private const int RefusalBytesMax = 64 << 10;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Submits a task: <c>POST /task</c>.</summary>
    /// <param name="body">UTF-8, not empty; kept byte for byte. Workers receive JSON unchanged, and anything else as
    /// one JSON string.</param>
    /// <returns>The task's id: 1 or greater. The task is on disk.</returns>
    public async Task<long> SubmitAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var response = await PostAsync("task", body, cancellationToken);
        return (await ReadAsync(response, FrozenJson.Default.SubmittedTask, cancellationToken)).TaskId;
    }

    /// <summary>Claims the next task: <c>GET /task/next</c>.</summary>
    /// <param name="workerId">1 to 128 characters.</param>
    /// <param name="wait">How long the coordinator may hold the request until work comes: 0 to 25 s.</param>
    /// <returns>Null when there is no work.</returns>
    public async Task<FrozenTask?> ClaimNextAsync(string workerId, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        using var response = await GetAsync(
            $"task/next?workerId={Uri.EscapeDataString(workerId)}&wait={seconds}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NoContent) return null;
        return await ReadAsync(response, FrozenJson.Default.FrozenTask, cancellationToken);
    }

    /// <summary>
    /// Posts a task's result: <c>POST /task/{id}/result</c>. If the task already has a result, that one stays and this
    /// call changes nothing.
    /// </summary>
    /// <param name="result">Any text; returned as one JSON string.</param>
    public async Task CompleteAsync(long taskId, string result, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new PostedResult(result), FrozenJson.Default.PostedResult);
        using var response = await PostAsync(string.Create(CultureInfo.InvariantCulture, $"task/{taskId}/result"), body,
            cancellationToken);
        await ReadAsync(response, FrozenJson.Default.StatusAnswer, cancellationToken);
    }

    /// <summary>Reads a task's state and, once it is completed, its result: <c>GET /result/{id}</c>.</summary>
    public async Task<FrozenReport> ReadResultAsync(long taskId, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"result/{taskId}"), cancellationToken);
        return await ReadAsync(response, FrozenJson.Default.FrozenReport, cancellationToken);
    }

    /// <summary>Reads the coordinator's task counts: <c>GET /stats</c>.</summary>
    public async Task<FrozenStats> ReadStatsAsync(CancellationToken cancellationToken)
    {
        using var response = await GetAsync("stats", cancellationToken);
        return await ReadAsync(response, FrozenJson.Default.FrozenStats, cancellationToken);
    }

    /// <summary>
    /// Checks the coordinator's health, <c>GET /health</c>: returns if it is healthy, throws otherwise.
    /// </summary>
    public async Task CheckHealthAsync(CancellationToken cancellationToken)
    {
        using var response = await GetAsync("health", cancellationToken);
        var health = await ReadAsync(response, FrozenJson.Default.StatusAnswer, cancellationToken);
        if (health.Status != "ok")
        {
            throw new FrozenException(response.StatusCode, $"The coordinator's health is '{health.Status}'");
        }
    }

    // Relative, so that a coordinator under a proxy's path prefix can be reached.
    private static Uri At(string path) => new(path, UriKind.Relative);

    private async Task<HttpResponseMessage> PostAsync(string path, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        using var message = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = content };
        return await SendAsync(message, cancellationToken);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, At(path));
        return await SendAsync(message, cancellationToken);
    }

    // The body is read afterwards, up to its size limit.
    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken) =>
        http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type,
        CancellationToken cancellationToken) where T : class
    {
        // The client's own timeout covers only the headers.
        using var late = http.Timeout == Timeout.InfiniteTimeSpan
            ? new()
            : new CancellationTokenSource(http.Timeout, TimeProvider.System);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await using var body = new BoundedAnswer(await response.Content.ReadAsStreamAsync(until.Token));
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw FrozenException.From(response, await ReadSomeAsync(body, until.Token));
            }

            return await JsonSerializer.DeserializeAsync(body, type, until.Token) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new FrozenException(response.StatusCode, "The response is not from a Weft coordinator", exception);
        }
        catch (IOException exception)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException(exception.Message, new TimeoutException(exception.Message, exception));
        }
    }

    /// <summary>
    /// The beginning of an error response, which is normally short. A server that isn't a coordinator may send any
    /// length.
    /// </summary>
    private static async Task<byte[]> ReadSomeAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[RefusalBytesMax];
        var count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes[..count];
    }
}
