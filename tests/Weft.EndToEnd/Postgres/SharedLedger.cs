using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Postgres;

/// <summary>
/// Callers that submit and work, whatever happens, and what they were promised: tasks by their payload, results by
/// their task.
/// </summary>
internal sealed class SharedLedger(Uri address)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, long> _submitted = new();
    private readonly ConcurrentDictionary<long, ConcurrentBag<string>> _accepted = new();
    private long _answers;

    /// <summary>How many requests that changed something were answered with a success.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    public int SubmittedCount => _submitted.Count;

    /// <summary>
    /// Runs callers until <paramref name="stop"/>; they meet refusals and broken connections, and go on.
    /// </summary>
    public Task RunAsync(int callers, CancellationToken stop) => Task.WhenAll(
        Enumerable.Range(0, callers).Select(number => Task.Run(() => CallAsync(number, stop), CancellationToken.None)));

    /// <summary>Claims two tasks and completes them.</summary>
    public async Task WorkAsync(string worker)
    {
        using var http = NewClient();
        await WorkAsync(http, worker, "at the end");
    }

    /// <summary>Nothing that was answered is lost, and no task has two results.</summary>
    public async Task AssertKeptAsync(Wire wire)
    {
        foreach (var (payload, id) in _submitted)
        {
            var answer = await wire.GetAsync($"/api/v1/tasks/{id}?include=payload,result");
            Assert.True(answer.Status == 200, $"Task {id} was acknowledged and is lost: {answer}");
            var task = answer.Json;
            Assert.Equal((payload, "completed"),
                (task.GetProperty("payload").GetString(), task.GetProperty("state").GetString()));
            // One whose answer was lost with its coordinator may be stored and not in here.
            if (_accepted.TryGetValue(id, out var results))
            {
                Assert.Equal(Assert.Single(results), task.GetProperty("result").GetString());
            }
        }

        Assert.Equal(_submitted.Count, _submitted.Values.Distinct().Count());
        Assert.True(_accepted.Count > _submitted.Count / 2, "Too little was completed for the rest to mean anything.");
    }

    private static HttpClient NewClient() => new() { Timeout = TimeSpan.FromSeconds(20) };

    private async Task CallAsync(int number, CancellationToken stop)
    {
        using var http = NewClient();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var payload = $"{number} said {i}";
            while (!await SubmitAsync(http, payload) && !stop.IsCancellationRequested) await PauseAsync(stop);
            await WorkAsync(http, $"worker-{number}", $"in {i}");
        }
    }

    private async Task<bool> SubmitAsync(HttpClient http, string payload)
    {
        // The key makes it harmless to say it again after an answer that never came.
        if (await SendAsync(http, "/api/v1/tasks", $$"""{"payload":"{{payload}}","leaseSeconds":5}""", payload)
            is not { } answer)
        {
            return false;
        }
        _submitted.TryAdd(payload, answer.GetProperty("id").GetInt64());
        Interlocked.Increment(ref _answers);
        return true;
    }

    private async Task WorkAsync(HttpClient http, string worker, string when)
    {
        if (await SendAsync(http, "/api/v1/tasks/claim", $$"""{"workerId":"{{worker}}","max":2}""") is not { } claim)
        {
            return;
        }
        foreach (var task in claim.GetProperty("tasks").EnumerateArray())
        {
            var (id, attempt) = (task.GetProperty("id").GetInt64(), task.GetProperty("attempt").GetInt32());
            var result = $"{worker} did {id} {when}, attempt {attempt}";
            var body = $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":"{{result}}"}""";
            if (await SendAsync(http, $"/api/v1/tasks/{id}/complete", body) is null) continue;
            _accepted.GetOrAdd(id, static _ => []).Add(result);
            Interlocked.Increment(ref _answers);
        }
    }

    /// <summary>Null for anything but a success: refused, unknown, or not answered at all.</summary>
    private async Task<JsonElement?> SendAsync(HttpClient http, string path, string json, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? JsonElement.Parse(text.Length == 0 ? "{}" : text) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    private static Task PauseAsync(CancellationToken stop) =>
        Task.Delay(Pause, TimeProvider.System, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
}
