using System.Text.Json.Serialization.Metadata;
using Weft.Client;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// A running coordinator's API, for commands: <see cref="WeftClient"/>, with failures as <see cref="CommandFailure"/>,
/// or <see cref="RefusedFailure"/> if the coordinator refuses. Each request is sent once. Paths are relative to
/// <c>/api/v1/</c>. Safe for use by many threads.
/// </summary>
internal sealed class RemoteApi
{
    private readonly bool _hasToken;

    /// <param name="url">Ends with a slash.</param>
    /// <param name="token">Sent with every request; null for none.</param>
    public RemoteApi(Uri url, string? token)
        : this(url, token is not null, new())
    {
        Client = new(url,
            new() { Token = token, RetryTimeMax = TimeSpan.Zero, Retrying = Notices.Miss, Answered = Notices.Meet });
    }

    private RemoteApi(Uri url, bool hasToken, RemoteNotices notices) =>
        (Url, _hasToken, Notices, Client) = (url, hasToken, notices, null!);

    public Uri Url { get; }

    /// <summary>The client itself.</summary>
    public WeftClient Client { get; private init; }

    /// <summary>Reports an unavailable coordinator.</summary>
    public RemoteNotices Notices { get; }

    /// <summary>
    /// The same coordinator, with requests retried until it answers: every temporary failure is retried.
    /// </summary>
    public RemoteApi Patiently() => new(Url, _hasToken, Notices)
    {
        Client = Client.RetryingFor(Timeout.InfiniteTimeSpan),
    };

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) =>
        SendAsync(WeftRequest.Get(path), answer, stop);

    /// <summary>Posts without a body.</summary>
    public Task<T> PostAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) =>
        SendAsync(WeftRequest.Post(path), answer, stop);

    /// <param name="key">The <c>Idempotency-Key</c>; null for none.</param>
    public Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, string? key,
        JsonTypeInfo<T> answer, CancellationToken stop) =>
        SendAsync(WeftRequest.Post(path, body, bodyType) with { IdempotencyKey = key }, answer, stop);

    public Task<T> DeleteAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) =>
        SendAsync(WeftRequest.Delete(path), answer, stop);

    /// <summary>A DELETE request without a response body.</summary>
    public Task DeleteAsync(string path, CancellationToken stop) => AskAsync(async () =>
    {
        await Client.Api.SendAsync(WeftRequest.Delete(path), stop);
        return true;
    });

    /// <summary>
    /// Whether something exists at a path. Also false if the coordinator can't be reached: the next request reports
    /// why.
    /// </summary>
    public Task<bool> ExistsAsync(string path, CancellationToken stop) =>
        AskAsync(() => Client.Api.ExistsAsync(path, stop));

    public Task<T> SendAsync<T>(WeftRequest request, JsonTypeInfo<T> answer, CancellationToken stop) =>
        AskAsync(() => Client.Api.SendAsync(request, answer, stop));

    /// <summary>Sends a request by a method of the client.</summary>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (WeftException trouble)
        {
            throw Explain(trouble);
        }
    }

    /// <summary>The failure, with what to do about it.</summary>
    public CommandFailure Explain(WeftException trouble)
    {
        if (trouble.Code == ProblemCodes.Unauthorized)
        {
            return new RefusedFailure(trouble, _hasToken
                ? $"{Url} does not accept this token: it was revoked, has expired, or belongs to another coordinator."
                : $"{Url} requires a token: set {RemoteCommand.TokenVariable}, or give a file with --token-file.");
        }

        if (trouble.Code is not null || trouble.IsTooLarge) return new RefusedFailure(trouble, trouble.Message);
        if (trouble.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
        {
            return new($"{trouble.Message} If the certificate is a room's own, set SSL_CERT_FILE to its ca.pem.");
        }
        var wasNeverReached = trouble is { Trouble: WeftTrouble.Unreachable, NothingWasDone: true };
        return new(wasNeverReached
            ? $"{trouble.Message} Start one with 'weft serve', or give another address with --url."
            : trouble.Message);
    }
}
