using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>
/// Speaks a coordinator's API, <c>/api/v1</c>. Every method throws <see cref="WeftException"/> when the coordinator
/// refuses, or can't be reached for <see cref="WeftClientOptions.RetryTimeMax"/>: what is safe to repeat is tried again
/// until then. Safe for use by many threads.
/// </summary>
public sealed partial class WeftClient
{
    // Below the 25 s after which the coordinator answers anyway, and proxies cut.
    private const int WaitSeconds = 20;

    private readonly WeftHttp _http;


    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the coordinator's and ends with a slash; its
    /// timeout is over 25 s. It stays the caller's to dispose. Its handler should not follow redirects
    /// (<see cref="HttpClientHandler.AllowAutoRedirect"/>): with one, payloads and results go to whatever host the
    /// server names.</param>
    /// <param name="options">Null: the defaults.</param>
    public WeftClient(HttpClient http, WeftClientOptions? options = null)
        : this(new WeftHttp(http, options ?? new(), new()))
    {
    }

    /// <summary>
    /// A client with connections of its own, which live as long as the process. It follows no redirects.
    /// </summary>
    /// <param name="url">The coordinator's; ends with a slash.</param>
    /// <param name="options">Null: the defaults.</param>
    public WeftClient(Uri url, WeftClientOptions? options = null)
        : this(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = url }, options)
    {
    }

    private WeftClient(WeftHttp http) => (_http, Api) = (http, new(http));

    /// <summary>The same coordinator by paths, for requests that have no method here.</summary>
    public WeftApi Api { get; }

    internal TimeProvider Time => Api.Options.Time;

    /// <summary>Submits a task. A retried submit is one task.</summary>
    /// <param name="idempotencyKey">1 to 128 characters: the same key and task again answer the same id. Null: a new
    /// one for this call.</param>
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
    /// <param name="type">How <paramref name="payload"/> is JSON.</param>
    /// <param name="options">Null: the coordinator's defaults.</param>
    public Task<long> SubmitAsync<T>(
        T payload, JsonTypeInfo<T> type, SubmitOptions? options = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default) =>
        SubmitAsync((options ?? new()).For(WireText.Element(payload, type)), idempotencyKey, cancellationToken);

    /// <summary>Reads a task as it is now.</summary>
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
    /// <param name="type">How the result is JSON.</param>
    /// <exception cref="TaskNotCompletedException">The task is dead or cancelled.</exception>
    /// <exception cref="JsonException">The result is not of this type.</exception>
    public async Task<T?> WaitAsync<T>(long id, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
    {
        var task = await WaitAsync(id, cancellationToken);
        return task.State == TaskStates.Completed ? Read(task.Result, type) : throw new TaskNotCompletedException(task);
    }

    /// <summary>
    /// Calls a task off, from any unfinished state. A worker that runs it learns it at its next heartbeat.
    /// </summary>
    public Task<TaskInfo> CancelAsync(long id, CancellationToken cancellationToken = default) =>
        ChangeAsync($"{Path(id)}/cancel", WireJson.Default.TaskInfo, cancellationToken);

    /// <summary>Makes a dead task ready again, with all its attempts.</summary>
    public Task<TaskInfo> RetryAsync(long id, CancellationToken cancellationToken = default) =>
        ChangeAsync($"{Path(id)}/retry", WireJson.Default.TaskInfo, cancellationToken);

    /// <summary>The same client on the same connections, which tries for another time.</summary>
    /// <param name="retryTimeMax">As <see cref="WeftClientOptions.RetryTimeMax"/>;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for those who have nothing better to do.</param>
    public WeftClient RetryingFor(TimeSpan retryTimeMax) =>
        new(_http.With(Api.Options with { RetryTimeMax = retryTimeMax }));

    /// <exception cref="JsonException">It is not of this type.</exception>
    internal static T? Read<T>(JsonElement? json, JsonTypeInfo<T> type)
    {
        try
        {
            return json is { ValueKind: not JsonValueKind.Undefined } value ? value.Deserialize(type) : default;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("It has an unpaired surrogate, which is not valid text.", exception);
        }
    }

    internal static string NewKey() => Guid.NewGuid().ToString("N");

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"tasks/{id}");

    /// <summary>A change that says something else when it is repeated.</summary>
    private Task<T> ChangeAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellationToken) =>
        Api.SendAsync(WeftRequest.Post(path) with { IsRepeatable = false }, answer, cancellationToken);
}
