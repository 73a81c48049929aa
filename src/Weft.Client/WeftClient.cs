using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>
/// A client for a coordinator's API, <c>/api/v1</c>. Every method throws <see cref="WeftException"/> when the
/// coordinator refuses the request, or can't be reached for <see cref="WeftClientOptions.RetryTimeMax"/>; until then,
/// requests that are safe to repeat are retried. Safe for use by many threads.
/// </summary>
public sealed partial class WeftClient
{
    // Below 25 s, after which the coordinator answers in any case, and below the timeouts of common proxies.
    private const int WaitSeconds = 20;

    private readonly WeftHttp _http;


    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the coordinator's and ends with a slash; its
    /// timeout is over 25 s. The caller disposes of it. Its handler should not follow redirects
    /// (<see cref="HttpClientHandler.AllowAutoRedirect"/>): otherwise payloads and results go to whatever host the
    /// server names.</param>
    /// <param name="options">Null: the defaults.</param>
    public WeftClient(HttpClient http, WeftClientOptions? options = null)
        : this(new WeftHttp(http, options ?? new(), new()))
    {
    }

    /// <summary>
    /// A client with its own connections, which live as long as the process. It follows no redirects.
    /// </summary>
    /// <param name="url">The coordinator's address; ends with a slash.</param>
    /// <param name="options">Null: the defaults.</param>
    public WeftClient(Uri url, WeftClientOptions? options = null)
        : this(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = url }, options)
    {
    }

    private WeftClient(WeftHttp http) => (_http, Api) = (http, new(http));

    /// <summary>Direct access by path, for requests that have no method here.</summary>
    public WeftApi Api { get; }

    internal TimeProvider Time => Api.Options.Time;

    /// <summary>Submits a task. A retried submit still creates one task.</summary>
    /// <param name="idempotencyKey">1 to 128 characters: the same key and task return the same id. Null: a new key for
    /// this call.</param>
    /// <returns>The task's id: 1 or greater. The task is on disk.</returns>
    public async Task<long> SubmitAsync(TaskRequest task, string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        var request = WeftRequest.Post("tasks", task, WireJson.Default.TaskRequest) with
        {
            IdempotencyKey = idempotencyKey ?? NewKey(),
        };
        using var span = ClientSpans.Send(task);
        try
        {
            return (await Api.SendAsync(request, WireJson.Default.TaskCreated, cancellationToken)).Id;
        }
        catch (WeftException failure)
        {
            ClientSpans.Fail(span, failure);
            throw;
        }
    }

    /// <inheritdoc cref="SubmitAsync(TaskRequest, string?, CancellationToken)"/>
    /// <param name="type">How to write <paramref name="payload"/> as JSON.</param>
    /// <param name="options">Null: the coordinator's defaults.</param>
    public Task<long> SubmitAsync<T>(
        T payload, JsonTypeInfo<T> type, SubmitOptions? options = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default) =>
        SubmitAsync((options ?? new()).For(WireText.Element(payload, type)), idempotencyKey, cancellationToken);

    /// <summary>Reads a task's current record.</summary>
    public Task<TaskInfo> GetAsync(long id, CancellationToken cancellationToken = default) =>
        Api.SendAsync(WeftRequest.Get(Path(id)), WireJson.Default.TaskInfo, cancellationToken);

    /// <summary>Waits until a task is finished: completed, dead or cancelled.</summary>
    public async Task<TaskInfo> WaitAsync(long id, CancellationToken cancellationToken = default)
    {
        var request = WeftRequest.Get($"{Path(id)}?wait={WaitSeconds}");
        for (; ; )
        {
            var task = await Api.SendAsync(request, WireJson.Default.TaskInfo, cancellationToken);
            if (task.State is TaskStates.Completed or TaskStates.Dead or TaskStates.Cancelled) return task;
        }
    }

    /// <summary>Waits for a task's result.</summary>
    /// <param name="type">How to read the result from JSON.</param>
    /// <exception cref="TaskNotCompletedException">The task is dead or cancelled.</exception>
    /// <exception cref="JsonException">The result is not of this type.</exception>
    public async Task<T?> WaitAsync<T>(long id, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
    {
        var task = await WaitAsync(id, cancellationToken);
        return task.State == TaskStates.Completed ? Read(task.Result, type) : throw new TaskNotCompletedException(task);
    }

    /// <summary>
    /// Cancels a task in any unfinished state. A worker that is running it finds out at its next heartbeat.
    /// </summary>
    public Task<TaskInfo> CancelAsync(long id, CancellationToken cancellationToken = default) =>
        ChangeAsync($"{Path(id)}/cancel", WireJson.Default.TaskInfo, cancellationToken);

    /// <summary>Makes a dead task ready again, with all its attempts.</summary>
    public Task<TaskInfo> RetryAsync(long id, CancellationToken cancellationToken = default) =>
        ChangeAsync($"{Path(id)}/retry", WireJson.Default.TaskInfo, cancellationToken);

    /// <summary>The same client on the same connections, with another retry time.</summary>
    /// <param name="retryTimeMax">As <see cref="WeftClientOptions.RetryTimeMax"/>;
    /// <see cref="Timeout.InfiniteTimeSpan"/> to retry until cancelled.</param>
    public WeftClient RetryingFor(TimeSpan retryTimeMax) =>
        new(_http.With(Api.Options with { RetryTimeMax = retryTimeMax }));

    /// <exception cref="JsonException">The JSON is not of this type.</exception>
    internal static T? Read<T>(JsonElement? json, JsonTypeInfo<T> type)
    {
        try
        {
            return json is { ValueKind: not JsonValueKind.Undefined } value ? value.Deserialize(type) : default;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("The body has an unpaired surrogate, which is not valid text.", exception);
        }
    }

    internal static string NewKey() => Guid.NewGuid().ToString("N");

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"tasks/{id}");

    /// <summary>A change whose response differs when it is repeated.</summary>
    private Task<T> ChangeAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken) =>
        Api.SendAsync(WeftRequest.Post(path) with { IsRepeatable = false }, answer, cancellationToken);
}
