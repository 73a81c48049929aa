using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>
/// Sends a request once. Every failure is a <see cref="WeftException"/> that says whether another attempt makes sense.
/// </summary>
internal sealed class WeftHttp(HttpClient http, WeftClientOptions options, WeftContact contact)
{
    // Wait for the coordinator to refuse a larger body before sending it; otherwise the connection breaks during the
    // upload.
    private const int ExpectContinueBytes = 1 << 20;

    // Each read of a file blocks a thread for a moment.
    private const int PieceBufferBytes = 256 << 10;

    private readonly AuthenticationHeaderValue? _authorization = options.Token is { } token
        ? new("Bearer", token)
        : null;

    public WeftClientOptions Options => options;

    public Uri Url => http.BaseAddress!;

    /// <summary>The same connections to the same coordinator, with other options.</summary>
    public WeftHttp With(WeftClientOptions other) => new(http, other, contact);

    /// <summary>
    /// Sends a request; <paramref name="read"/> throws a <see cref="JsonException"/> if the response is not from a
    /// coordinator.
    /// </summary>
    public async Task<T> AskAsync<T>(WeftRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            return await GuardAsync(async until =>
            {
                using var message = Describe(request);
                response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, until);
                return await read(response, until);
            }, () => response, cancellationToken);
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>Sends a request, and leaves the body of a successful response for the caller to read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mediaType">The media type of a coordinator's response.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<HttpResponseMessage> BeginAsync(
        WeftRequest request, string mediaType, CancellationToken cancellationToken)
    {
        using var message = Describe(request);
        var response = await GuardAsync(until =>
            http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, until), static () => null,
            cancellationToken);
        var isLines = response.Content.Headers.ContentType?.MediaType == mediaType;
        if (response.IsSuccessStatusCode && isLines) return response;
        using (response) throw await GuardAsync(until => ExplainAsync(response, until), response, cancellationToken);
    }

    /// <summary>Continues to read a response.</summary>
    public Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> read, HttpResponseMessage response,
        CancellationToken cancellationToken) =>
        GuardAsync(read, () => response, cancellationToken);

    /// <summary>Records that a coordinator has answered.</summary>
    public void Reach()
    {
        if (contact.Reach()) options.Answered?.Invoke();
    }

    /// <summary>Converts a response other than success to an exception.</summary>
    public async Task<WeftException> ExplainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (await WeftAnswer.ReadProblemAsync(response, cancellationToken) is { } problem)
        {
            Reach();
            return WeftException.Refused(await WithVersionsAsync(problem, cancellationToken), response.StatusCode,
                RetryAfter(response));
        }

        return Stranger(response, inner: null);
    }

    // A request that the coordinator doesn't understand may come from another version.
    private async Task<Problem> WithVersionsAsync(Problem problem, CancellationToken cancellationToken)
    {
        if (problem.Code is not (ProblemCodes.InvalidRequest or ProblemCodes.NotFound or ProblemCodes.MethodNotAllowed))
        {
            return problem;
        }
        contact.Version ??= await FindVersionAsync(cancellationToken);
        return contact.Version == "" || contact.Version == ClientVersion.Text ? problem : problem with
        {
            Detail = $"{problem.Detail} (This client is version {ClientVersion.Text} and the coordinator is version " +
                $"{contact.Version}.)",
        };
    }

    private async Task<string> FindVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var message = Describe(WeftRequest.Get("access"));
            using var response = await http.SendAsync(
                message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode) return "";
            var access = await WeftAnswer.ReadAsync(response, WireJson.Default.Access, cancellationToken);
            return ClientVersion.IsOne(access.Version) ? access.Version : "";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return "";
        }
    }

    private HttpRequestMessage Describe(WeftRequest request)
    {
        // Relative, so that a coordinator under a proxy's path prefix can be reached.
        var message = new HttpRequestMessage(request.Method, new Uri($"api/v1/{request.Path}", UriKind.Relative));
        message.Headers.Authorization = _authorization;
        // Rejects only characters that would end the header; the coordinator checks the rest of a key.
        if (request.IdempotencyKey is { } key) message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (request.Lease is { } lease) message.Headers.TryAddWithoutValidation("X-Weft-Lease", lease);
        if (request.From > 0) message.Headers.Range = new(request.From, null);
        if (ClientSpans.Sending is { } parent) message.Headers.TryAddWithoutValidation("traceparent", parent);
        if (request.OpenBody is { } open) message.Content = new StreamContent(open(), PieceBufferBytes);
        else if (request.Body is { } body) message.Content = new ByteArrayContent(body);
        else return message;
        message.Content.Headers.ContentType = new(request.ContentType);
        message.Headers.ExpectContinue = request.OpenBody is not null || request.Body!.Length > ExpectContinueBytes;
        return message;
    }

    private async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> send, Func<HttpResponseMessage?> response,
        CancellationToken cancellationToken)
    {
        // The client's own timeout covers only the headers.
        using var late = http.Timeout == Timeout.InfiniteTimeSpan
            ? new()
            : new CancellationTokenSource(http.Timeout, TimeProvider.System);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await send(until.Token);
        }
        catch (HttpRequestException exception)
        {
            // Only the inner exception has the details of a TLS failure. It may or may not end with a full stop.
            var reason = exception is { HttpRequestError: HttpRequestError.SecureConnectionError,
                InnerException: { } cause } ? cause : exception;
            throw Unreachable($"No coordinator answers at {Url}: {reason.Message.TrimEnd('.')}.", exception);
        }
        catch (IOException exception)
        {
            throw Unreachable($"The coordinator at {Url} closed the connection early: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"{Url} did not answer within {http.Timeout.TotalSeconds:0} s.", exception);
        }
        catch (JsonException exception)
        {
            throw Stranger(response()!, exception);
        }
    }

    private WeftException Unreachable(string message, Exception inner)
    {
        contact.Trouble();
        var wasNeverSent = inner
            is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
        return WeftException.Unreachable(message, wasNeverSent, inner);
    }

    /// <summary>
    /// A proxy's page, another server's response, or a truncated one: its status says nothing about the coordinator.
    /// </summary>
    private WeftException Stranger(HttpResponseMessage response, Exception? inner)
    {
        contact.Trouble();
        var (status, retryAfter, target) = (response.StatusCode, RetryAfter(response), RedirectTarget(response));
        // These statuses mean a rate limiter or a failing proxy, whether or not a coordinator has answered before.
        var isProxy = status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.RequestTimeout
            or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return isProxy || contact.WasReached
            ? WeftException.Disturbed(
                $"A proxy in front of the coordinator at {Url} answered {(int)status} {response.ReasonPhrase}" +
                $"{(target is null ? "" : $", a redirect to {target}, which is not followed")}.", status, retryAfter,
                response.RequestMessage?.Content is not null, inner)
            : WeftException.NotWeft($"The server at {Url} is not a Weft coordinator" +
                $"{(target is null ? "" : $": it redirects to {target}, which is not followed")}.", status, inner);
    }

    /// <summary>Scheme, host and port of a redirect's target; null if the response is not a redirect.</summary>
    private string? RedirectTarget(HttpResponseMessage response)
    {
        var isRedirect = response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest;
        if (!isRedirect || response.Headers.Location is not { } location) return null;
        if (!Uri.TryCreate(Url, location, out var target) || target.Scheme is not ("http" or "https")) return null;
        // Not its Unicode form, which may look like another host's name.
        return $"{target.Scheme}://{target.IdnHost}{(target.IsDefaultPort ? "" : $":{target.Port}")}";
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - options.Time.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };
}
