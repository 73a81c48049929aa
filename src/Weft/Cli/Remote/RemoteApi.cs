using System.Text.Json.Serialization.Metadata;
using Weft.Client;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// A running coordinator's API, for commands: <see cref="WeftClient"/>, with what goes wrong as a
/// <see cref="CommandFailure"/>, which is a <see cref="RefusedFailure"/> where the coordinator says no. Each request is
/// sent once. Paths are those below <c>/api/v1/</c>. Safe for use by many threads.
/// </summary>
internal sealed class RemoteApi
{
    private readonly bool _hasToken;

    /// <param name="url">Ends with a slash.</param>
    /// <param name="token">Goes with every request; null for none.</param>
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

    /// <summary>What is said of a coordinator that is away.</summary>
    public RemoteNotices Notices { get; }

    /// <summary>The same coordinator, asked until it answers: whatever may go well later is tried again.</summary>
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

    /// <summary>Deletes what leaves nothing to say.</summary>
    public Task DeleteAsync(string path, CancellationToken stop) => AskAsync(async () =>
    {
        await Client.Api.SendAsync(WeftRequest.Delete(path), stop);
        return true;
    });

    /// <summary>
    /// Whether something is at a path. False also where the coordinator doesn't say: the next request tells why.
    /// </summary>
    public Task<bool> ExistsAsync(string path, CancellationToken stop) =>
        AskAsync(() => Client.Api.ExistsAsync(path, stop));

    public Task<T> SendAsync<T>(WeftRequest request, JsonTypeInfo<T> answer, CancellationToken stop) =>
        AskAsync(() => Client.Api.SendAsync(request, answer, stop));

    /// <summary>Asks by a method of the client.</summary>
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

    /// <summary>What went wrong, with what to do about it.</summary>
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
