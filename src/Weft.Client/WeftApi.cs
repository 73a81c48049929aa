using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>
/// Requests to <c>/api/v1</c> by path, for those without a method in <see cref="WeftClient"/>. Safe requests are
/// retried for <see cref="WeftClientOptions.RetryTimeMax"/>; every failure is a <see cref="WeftException"/>. Safe for
/// use by many threads.
/// </summary>
public sealed class WeftApi
{
    // A connection whose other end is gone looks like an idle one.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(40);

    private readonly WeftHttp _http;

    internal WeftApi(WeftHttp http) => _http = http;

    /// <summary>The coordinator's address; ends with a slash.</summary>
    public Uri Url => _http.Url;

    internal WeftClientOptions Options => _http.Options;

    /// <summary>Sends a request and reads its response.</summary>
    /// <exception cref="WeftException">The request was refused, or the coordinator could not be reached.</exception>
    public Task<T> SendAsync<T>(WeftRequest request, JsonTypeInfo<T> answer,
        CancellationToken cancellationToken = default) =>
        SendAsync(request, (response, until) => WeftAnswer.ReadAsync(response, answer, until), cancellationToken);

    /// <summary>Sends a request whose response has no content.</summary>
    /// <exception cref="WeftException">The request was refused, or the coordinator could not be reached.</exception>
    public Task SendAsync(WeftRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, static (response, _) => Task.FromResult(WeftAnswer.IsNothing(response)), cancellationToken);

    /// <summary>
    /// Whether something exists at a path. Also false if the coordinator can't be reached: the next request reports
    /// why.
    /// </summary>
    public Task<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) => RetryAsync(
        new(HttpMethod.Head, path), request =>
            _http.AskAsync(request, static (response, _) => Task.FromResult(response.IsSuccessStatusCode),
                cancellationToken), cancellationToken);

    /// <summary>Reads NDJSON as it arrives. Not retried: only the caller knows where to continue.</summary>
    public async IAsyncEnumerable<T> ReadLinesAsync<T>(string path, JsonTypeInfo<T> line,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await _http.BeginAsync(WeftRequest.Get(path), WeftAnswer.Lines, cancellationToken);
        await using var lines = new AnswerLines(await _http.GuardAsync(
            until => response.Content.ReadAsStreamAsync(until), response, cancellationToken));
        while (await _http.GuardAsync(until => lines.ReadAsync(until).AsTask(), response, cancellationToken)
            is { } text)
        {
            var item = await _http.GuardAsync(_ => Task.FromResult(WeftAnswer.Parse(text, line)), response,
                cancellationToken);
            _http.Reach();
            yield return item;
        }
    }

    /// <summary>
    /// Reads server-sent events as they arrive, including pings. Not retried: only the caller knows where to continue.
    /// </summary>
    /// <exception cref="WeftException">The request was refused, or the connection broke.</exception>
    internal async IAsyncEnumerable<EventInfo> ReadEventsAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _http.BeginAsync(WeftRequest.Get(path), WeftAnswer.Events, cancellationToken);
        await using var lines = new AnswerLines(await _http.GuardAsync(
            until => response.Content.ReadAsStreamAsync(until), response, cancellationToken));
        var events = new AnswerEvents();
        while (await _http.GuardAsync(until => ReadAsync(lines, until), response, cancellationToken) is { } line)
        {
            var item = await _http.GuardAsync(_ => Task.FromResult(events.Add(line)), response, cancellationToken);
            if (item is null) continue;
            _http.Reach();
            yield return item;
        }
    }

    /// <summary>Reads the next line. A coordinator sends something every 15 s.</summary>
    private async Task<byte[]?> ReadAsync(AnswerLines lines, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(SilenceMax, Options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await lines.ReadAsync(end.Token);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested)
        {
            throw new IOException($"The coordinator has sent nothing for {SilenceMax.TotalSeconds} s.");
        }
    }

    internal Task<T> SendAsync<T>(WeftRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken) =>
        RetryAsync(request, each => _http.AskAsync(each, async (response, until) =>
        {
            if (!response.IsSuccessStatusCode) throw await _http.ExplainAsync(response, until);
            var answer = await read(response, until);
            _http.Reach();
            return answer;
        }, cancellationToken), cancellationToken);

    private async Task<T> RetryAsync<T>(WeftRequest request, Func<WeftRequest, Task<T>> send,
        CancellationToken cancellationToken)
    {
        var retries = new Retries(Options);
        for (; ; )
        {
            WeftException failure;
            try
            {
                return await send(request);
            }
            catch (WeftException exception) when (MayRepeat(request, exception))
            {
                failure = exception;
            }

            await retries.WaitAsync(failure, cancellationToken);
        }
    }

    private static bool MayRepeat(WeftRequest request, WeftException failure) =>
        request.IsRetried && request.GivesUpAt?.Invoke(failure) != true
            && (failure.IsTransient && (request.IsRepeatable || failure.NothingWasDone)
            || failure.Trouble == WeftTrouble.NotWeft);
}
