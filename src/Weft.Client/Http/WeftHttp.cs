using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>
/// Sends a request once. All that goes wrong is a <see cref="WeftException"/> that says whether another attempt makes
/// sense.
/// </summary>
internal sealed class WeftHttp(HttpClient http, WeftClientOptions options, WeftContact contact)
{
    // A refusal of a larger body should come before the body, or the connection breaks under it.
    private const int ExpectContinueBytes = 1 << 20;

    // Each read of a file takes a thread for a moment.
    private const int PieceBufferBytes = 256 << 10;

    private readonly AuthenticationHeaderValue? _authorization = options.Token is { } token
        ? new("Bearer", token)
        : null;

    public WeftClientOptions Options => options;

    public Uri Url => http.BaseAddress!;

    /// <summary>The same way to the same coordinator, with other options.</summary>
    public WeftHttp With(WeftClientOptions other) => new(http, other, contact);

    /// <summary>
    /// Sends a request; <paramref name="read"/> throws a <see cref="JsonException"/> at what is not a coordinator's.
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

    /// <summary>Sends a request, and leaves the body of a successful answer to be read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mediaType">What a coordinator's answer is sent as.</param>
    /// <param name="cancellationToken">Ends it.</param>
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

    /// <summary>Reads on in an answer that was begun.</summary>
    public Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> read, HttpResponseMessage response,
        CancellationToken cancellationToken) =>
        GuardAsync(read, () => response, cancellationToken);

    /// <summary>A coordinator has answered.</summary>
    public void Reach()
    {
        if (contact.Reach()) options.Answered?.Invoke();
    }

    /// <summary>What an answer that is no success means.</summary>
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

    // What a coordinator doesn't understand may be another version's.
    private async Task<Problem> WithVersionsAsync(Problem problem, CancellationToken cancellationToken)
    {
        if (problem.Code is not (ProblemCodes.InvalidRequest or ProblemCodes.NotFound or ProblemCodes.MethodNotAllowed))
        {
            return problem;
        }
        contact.Version ??= await FindVersionAsync(cancellationToken);
        return contact.Version == "" || contact.Version == ClientVersion.Text ? problem : problem with
        {
            Detail = $"{problem.Detail} (This client is of version {ClientVersion.Text}, and the coordinator of " +
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
        // Relative, so that a coordinator below a proxy's path can be reached too.
        var message = new HttpRequestMessage(request.Method, new Uri($"api/v1/{request.Path}", UriKind.Relative));
        message.Headers.Authorization = _authorization;
        // Whatever ends no header: what else may stand in a key, the coordinator says.
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
        // The client's own timeout ends with the headers.
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
            // What TLS made of it is told by the cause alone. It ends with or without a full stop.
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
    /// A proxy's page, some other server's, or half of an answer: its status says nothing about the coordinator.
    /// </summary>
    private WeftException Stranger(HttpResponseMessage response, Exception? inner)
    {
        contact.Trouble();
        var (status, retryAfter, target) = (response.StatusCode, RetryAfter(response), RedirectTarget(response));
        // Limiters and proxies in trouble are known by these, whether a coordinator has answered before or not.
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

    /// <summary>Scheme, host and port of where a redirect leads; null: it is none.</summary>
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
