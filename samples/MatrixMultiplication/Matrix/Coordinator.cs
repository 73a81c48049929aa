using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// A coordinator, by five requests of <c>/api/v1</c>, on a queue of this sample's own: other programs' tasks are left
/// alone. Every method throws <see cref="CoordinatorException"/> when it gets no usable answer.
/// </summary>
/// <param name="http">Its base address is the coordinator's root and ends with a slash.</param>
public sealed class Coordinator(HttpClient http)
{
    /// <summary>Where this sample's tasks are submitted to, and claimed from.</summary>
    public const string Queue = "matrix";

    /// <summary>How long a request that waits is held, in seconds; the coordinator allows 25.</summary>
    public const int WaitSeconds = 20;

    private const string Tasks = "api/v1/tasks";

    /// <summary>What a coordinator with tokens asks for; null for none.</summary>
    public string? Token
    {
        set => http.DefaultRequestHeaders.Authorization = value is null ? null : new("Bearer", value);
    }

    /// <summary>Submits a task; returns its id.</summary>
    public async Task<int> SubmitAsync(Factors factors, CancellationToken stop)
    {
        var task = new SubmitRequest(Queue, Queue, new(factors.A.ToString(), factors.B.ToString()));
        using var response = await PostAsync(Tasks, task, WireJson.Default.SubmitRequest, stop);
        return (await ReadAsync(response, WireJson.Default.TaskCreated, stop)).Id;
    }

    /// <summary>
    /// Claims the next task; null when there is none, after <see cref="WaitSeconds"/> if the claim waits.
    /// </summary>
    public async Task<ClaimedTask?> ClaimAsync(string workerId, bool waits, CancellationToken stop)
    {
        var claim = new ClaimRequest(workerId, [Queue], waits ? WaitSeconds : 0);
        using var response = await PostAsync($"{Tasks}/claim", claim, WireJson.Default.ClaimRequest, stop);
        return (await ReadAsync(response, WireJson.Default.ClaimOutcome, stop)).Tasks is [var task, ..] ? task : null;
    }

    /// <summary>Tells what became of a task. False when it is no longer this worker's.</summary>
    public async Task<bool> SettleAsync(ClaimedTask task, MatrixAnswer answer, CancellationToken stop)
    {
        // What is wrong with a task's matrices no further attempt can mend.
        using var response = answer.IsError
            ? await PostAsync($"{Tasks}/{task.Id}/fail", new FailRequest(task.LeaseToken, answer.Text, Retry: false),
                WireJson.Default.FailRequest, stop)
            : await PostAsync($"{Tasks}/{task.Id}/complete", new(task.LeaseToken, answer.Text),
                WireJson.Default.CompleteRequest, stop);
        if (response.IsSuccessStatusCode) return true;
        var refusal = await RefusalAsync(response, stop);
        return refusal.Code is "stale_lease" or "task_not_found" or "task_cancelled" or "task_finished"
            ? false
            : throw refusal;
    }

    /// <summary>
    /// Reads where a task is, once it is finished or <see cref="WaitSeconds"/> are over if it <paramref name="waits"/>;
    /// null when the coordinator doesn't know it.
    /// </summary>
    public async Task<TaskReport?> ReadAsync(int taskId, bool waits, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get,
            $"{Tasks}/{taskId}{(waits ? $"?wait={WaitSeconds}" : "")}");
        using var response = await SendAsync(request, stop);
        if (response.IsSuccessStatusCode) return await ReadAsync(response, WireJson.Default.TaskReport, stop);
        var refusal = await RefusalAsync(response, stop);
        return refusal.Code is "task_not_found" ? null : throw refusal;
    }

    private async Task<HttpResponseMessage> PostAsync<T>(string path, T body, JsonTypeInfo<T> type,
        CancellationToken stop)
    {
        using var content = JsonContent.Create(body, type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        return await SendAsync(request, stop);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            return await http.SendAsync(request, stop);
        }
        catch (HttpRequestException unreachable)
        {
            throw new CoordinatorException("The coordinator can't be reached.", unreachable);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new CoordinatorException("The coordinator took too long to answer.", late);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type,
        CancellationToken stop)
    {
        if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, stop);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, stop) ?? throw new JsonException();
        }
        catch (Exception broken) when (broken is JsonException or HttpRequestException)
        {
            throw new CoordinatorException("The coordinator gave an answer that can't be read.", broken);
        }
    }

    private static async Task<CoordinatorException> RefusalAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var problem = await ProblemAsync(response, stop);
        return new CoordinatorException(
            $"The coordinator answered " +
            $"{(int)response.StatusCode}{(problem?.Detail is { } detail ? $": {detail}" : ".")}")
        {
            Code = problem?.Code,
            IsRefusal = problem?.Code is not null
                && response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
                and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests),
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static async Task<Problem?> ProblemAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(WireJson.Default.Problem, stop);
        }
        catch (Exception notOurs) when (notOurs is JsonException or HttpRequestException)
        {
            // Something between us and the coordinator answered: the status code is all there is to tell.
            return null;
        }
    }
}

/// <summary>The coordinator gave no usable answer. The message is a sentence for a person.</summary>
public sealed class CoordinatorException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>How long the coordinator asked to be left alone; null when it didn't say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The problem's code; null where it wasn't the coordinator that answered.</summary>
    public string? Code { get; init; }

    /// <summary>Whether the same request would be refused again.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether a token is missing, has ended, or isn't for this.</summary>
    public bool NeedsToken => Code is "unauthorized" or "forbidden";
}
