using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// A coordinator, by the frozen endpoints alone. Every method throws <see cref="CoordinatorException"/> when it gets no
/// usable answer.
/// </summary>
/// <param name="http">Its base address is the coordinator's root and ends with a slash.</param>
public sealed class Coordinator(HttpClient http)
{
    /// <summary>How long a claim that waits is held, in seconds; the endpoint allows 25.</summary>
    public const int WaitSeconds = 20;

    /// <summary>Submits a task; returns its id.</summary>
    public async Task<int> SubmitAsync(Factors factors, CancellationToken stop)
    {
        var task = new MatrixTask(factors.A.ToString(), factors.B.ToString());
        using var body = JsonContent.Create(task, WireJson.Default.MatrixTask);
        using var request = new HttpRequestMessage(HttpMethod.Post, "task") { Content = body };
        using var response = await SendAsync(request, stop);
        return (await ReadAsync(response, WireJson.Default.SubmittedTask, stop)).TaskId;
    }

    /// <summary>Claims the next task; null when there is none, after <see cref="WaitSeconds"/> if the claim waits.</summary>
    public async Task<ClaimedTask?> ClaimAsync(string workerId, bool waits, CancellationToken stop)
    {
        var path = $"task/next?workerId={Uri.EscapeDataString(workerId)}{(waits ? $"&wait={WaitSeconds}" : "")}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, stop);
        if (response.StatusCode is HttpStatusCode.NoContent) return null;
        return await ReadAsync(response, WireJson.Default.ClaimedTask, stop);
    }

    /// <summary>Posts a result. False when the coordinator no longer knows the task.</summary>
    public async Task<bool> PostResultAsync(int taskId, string result, CancellationToken stop)
    {
        using var body = JsonContent.Create(new PostedResult(result), WireJson.Default.PostedResult);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"task/{taskId}/result") { Content = body };
        using var response = await SendAsync(request, stop);
        if (response.StatusCode is HttpStatusCode.NotFound) return false;
        if (!response.IsSuccessStatusCode) throw await RefusalAsync(response, stop);
        return true;
    }

    /// <summary>Reads where a task is; null when the coordinator doesn't know it.</summary>
    public async Task<TaskReport?> ReadAsync(int taskId, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"result/{taskId}");
        using var response = await SendAsync(request, stop);
        if (response.StatusCode is HttpStatusCode.NotFound) return null;
        return await ReadAsync(response, WireJson.Default.TaskReport, stop);
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

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken stop)
    {
        if (response.StatusCode is not HttpStatusCode.OK) throw await RefusalAsync(response, stop);
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
        var status = (int)response.StatusCode;
        var reason = await ReasonAsync(response, stop);
        return new CoordinatorException($"The coordinator answered {status}{(reason is null ? "" : $": {reason}")}.")
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static async Task<string?> ReasonAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync(WireJson.Default.RefusedRequest, stop))?.Error;
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
}
