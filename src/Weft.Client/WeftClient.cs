using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <summary>
/// Speaks a coordinator's API, <c>/api/v1</c>. Every method throws <see cref="WeftException"/> when the coordinator refuses,
/// or can't be reached for <see cref="WeftClientOptions.RetryTimeMax"/>: what is safe to repeat is tried again until then.
/// Safe for use by many threads.
/// </summary>
public sealed partial class WeftClient
{
    // Below the 25 s after which the coordinator answers anyway, and proxies cut.
    private const int WaitSeconds = 20;

    private readonly WeftTransport _transport;

    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the coordinator's and ends with a slash; its timeout is over 25 s. It stays the caller's to dispose.</param>
    /// <param name="options">Null: the defaults.</param>
    public WeftClient(HttpClient http, WeftClientOptions? options = null)
        : this(new WeftTransport(http, options ?? new()))
    {
    }

    private WeftClient(WeftTransport transport) => _transport = transport;

    internal TimeProvider Time => _transport.Options.Time;

    /// <summary>Submits a task. A retried submit is one task.</summary>
    /// <param name="idempotencyKey">1 to 128 characters: the same key and task again answer the same id. Null: a new one for this call.</param>
    /// <returns>The task's id: 1 or greater. The task is on disk.</returns>
    public async Task<long> SubmitAsync(TaskRequest task, string? idempotencyKey = null, CancellationToken stop = default)
    {
        var request = WeftRequest.Post("tasks", task, WireJson.Default.TaskRequest) with { IdempotencyKey = idempotencyKey ?? NewKey() };
        return (await _transport.SendAsync(request, WireJson.Default.TaskCreated, stop)).Id;
    }

    /// <inheritdoc cref="SubmitAsync(TaskRequest, string?, CancellationToken)"/>
    /// <param name="type">How <paramref name="payload"/> is JSON.</param>
    /// <param name="options">Null: the coordinator's defaults.</param>
    public Task<long> SubmitAsync<T>(
        T payload, JsonTypeInfo<T> type, SubmitOptions? options = null, string? idempotencyKey = null, CancellationToken stop = default) =>
        SubmitAsync((options ?? new()).For(JsonSerializer.SerializeToElement(payload, type)), idempotencyKey, stop);

    /// <summary>Reads a task as it is now.</summary>
    public Task<TaskInfo> GetAsync(long id, CancellationToken stop = default) => _transport.SendAsync(WeftRequest.Get(Path(id)), WireJson.Default.TaskInfo, stop);

    /// <summary>Waits until a task is finished: completed, dead or cancelled.</summary>
    public async Task<TaskInfo> WaitAsync(long id, CancellationToken stop = default)
    {
        var request = WeftRequest.Get($"{Path(id)}?wait={WaitSeconds}");
        for (; ; )
        {
            var task = await _transport.SendAsync(request, WireJson.Default.TaskInfo, stop);
            if (task.State is TaskStates.Completed or TaskStates.Dead or TaskStates.Cancelled) return task;
        }
    }

    /// <summary>Waits for a task's result.</summary>
    /// <param name="type">How the result is JSON.</param>
    /// <exception cref="TaskNotCompletedException">The task is dead or cancelled.</exception>
    /// <exception cref="JsonException">The result is not of this type.</exception>
    public async Task<T?> WaitAsync<T>(long id, JsonTypeInfo<T> type, CancellationToken stop = default)
    {
        var task = await WaitAsync(id, stop);
        return task.State == TaskStates.Completed ? Read(task.Result, type) : throw new TaskNotCompletedException(task);
    }

    /// <summary>Calls a task off, from any unfinished state. A worker that runs it learns it at its next heartbeat.</summary>
    public Task<TaskInfo> CancelAsync(long id, CancellationToken stop = default) => ChangeAsync($"{Path(id)}/cancel", WireJson.Default.TaskInfo, stop);

    /// <summary>Makes a dead task ready again, with all its attempts.</summary>
    public Task<TaskInfo> RetryAsync(long id, CancellationToken stop = default) => ChangeAsync($"{Path(id)}/retry", WireJson.Default.TaskInfo, stop);

    /// <summary>The same client, which waits for a coordinator that is away for as long as it takes.</summary>
    internal WeftClient Patient() => new(_transport.Patient());

    /// <summary>A result that is JSON's null is no value on the wire.</summary>
    internal static T? Read<T>(JsonElement? json, JsonTypeInfo<T> type) => json is { } value ? value.Deserialize(type) : default;

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"tasks/{id}");

    /// <summary>A change that says something else when it is repeated.</summary>
    private Task<T> ChangeAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) =>
        _transport.SendAsync(WeftRequest.Post(path) with { IsRepeatable = false }, answer, stop);
}
