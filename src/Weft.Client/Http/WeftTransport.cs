using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>Sends requests until they are answered, as far as that is safe. All that goes wrong is a <see cref="WeftException"/>.</summary>
internal sealed class WeftTransport(HttpClient http, WeftClientOptions options)
{
    // A refusal of a larger body should come before the body, or the connection breaks under it.
    private const int ExpectContinueBytes = 1 << 20;

    private readonly AuthenticationHeaderValue? _authorization = options.Token is { } token ? new("Bearer", token) : null;

    public WeftClientOptions Options => options;

    /// <summary>The same, which never gives up: for workers, who have nothing better to do.</summary>
    public WeftTransport Patient() => new(http, options with { RetryTimeMax = Timeout.InfiniteTimeSpan });

    public async Task<T> SendAsync<T>(WeftRequest request, JsonTypeInfo<T> type, CancellationToken stop)
    {
        var retries = new Retries(options);
        for (; ; )
        {
            WeftException failure;
            try
            {
                return await SendOnceAsync(request, type, stop);
            }
            catch (WeftException exception) when (request.IsRetried && exception.IsTransient && (request.IsRepeatable || exception.NothingWasDone))
            {
                failure = exception;
            }

            await retries.WaitAsync(failure, stop);
        }
    }

    /// <summary>Reads NDJSON as it comes. Not retried: only the caller knows where to go on.</summary>
    public async IAsyncEnumerable<T> ReadLinesAsync<T>(string path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken stop)
    {
        using var request = Describe(WeftRequest.Get(path));
        using var response = await GuardAsync(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), stop);
        if (!response.IsSuccessStatusCode) throw await GuardAsync(() => ExplainAsync(response, stop), stop);
        using var reader = new StreamReader(await GuardAsync(() => response.Content.ReadAsStreamAsync(stop), stop));
        // The client's own timeout ends with the headers.
        while (await GuardAsync(() => reader.ReadLineAsync(stop).AsTask().WaitAsync(http.Timeout, options.Time, stop), stop) is { } line)
        {
            yield return await GuardAsync(() => Task.FromResult(JsonSerializer.Deserialize(line, type) ?? throw new JsonException()), stop);
        }
    }

    private Task<T> SendOnceAsync<T>(WeftRequest request, JsonTypeInfo<T> type, CancellationToken stop) => GuardAsync(async () =>
    {
        using var message = Describe(request);
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode) throw await ExplainAsync(response, stop);
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        return await JsonSerializer.DeserializeAsync(body, type, stop) ?? throw new JsonException();
    }, stop);

    private HttpRequestMessage Describe(WeftRequest request)
    {
        // Relative, so that a coordinator below a proxy's path can be reached too.
        var message = new HttpRequestMessage(request.Method, new Uri($"api/v1/{request.Path}", UriKind.Relative));
        message.Headers.Authorization = _authorization;
        if (request.IdempotencyKey is { } key) message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (request.Body is not { } body) return message;
        message.Content = new ByteArrayContent(body);
        message.Content.Headers.ContentType = new(request.ContentType);
        message.Headers.ExpectContinue = body.Length > ExpectContinueBytes;
        return message;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> send, CancellationToken stop)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException exception)
        {
            throw Unanswered($"No coordinator answers at {http.BaseAddress}: {exception.Message}.", exception);
        }
        catch (IOException exception)
        {
            throw Unanswered($"The coordinator at {http.BaseAddress} broke off: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw Unanswered($"{http.BaseAddress} did not answer within {http.Timeout.TotalSeconds:0} s.", exception);
        }
        catch (JsonException exception)
        {
            // A proxy's page, or some other server's: its success says nothing.
            throw new WeftException($"What answers at {http.BaseAddress} is not a Weft coordinator.", System.Net.HttpStatusCode.OK, null, null, exception);
        }
    }

    private static WeftException Unanswered(string message, Exception inner) => new(message, null, null, null, inner);

    private static async Task<WeftException> ExplainAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var body = await response.Content.ReadAsByteArrayAsync(stop);
        var retryAfter = response.Headers.RetryAfter?.Delta;
        try
        {
            if (JsonSerializer.Deserialize(body, WireJson.Default.Problem) is { Code: { } code, Detail: { } detail })
            {
                return new(detail, response.StatusCode, code, retryAfter, null);
            }
        }
        catch (JsonException)
        {
            // Not a coordinator's words: the status has to do.
        }

        return new($"The answer was {(int)response.StatusCode} {response.ReasonPhrase}.", response.StatusCode, null, retryAfter, null);
    }
}
