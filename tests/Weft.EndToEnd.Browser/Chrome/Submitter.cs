using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>A task as a submitter sees it at its end.</summary>
internal sealed record Finished(string State, string? Result, string? Error);

/// <summary>A main program that submits tasks with modules.</summary>
internal sealed class Submitter(Wire wire)
{
    /// <summary>Of each task.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Stores a module from C, and returns its hash.</summary>
    public async Task<string> PushAsync(string name) =>
        await PushAsync(await WasiModules.BuildAsync(name), "application/wasm");

    /// <summary>Pushes a module that isn't taken, and returns why.</summary>
    public async Task<string> RefusedAsync(byte[] module)
    {
        var answer = await PutAsync(module, "application/wasm");
        Assert.True(answer.Status == 400, $"The module was taken: {answer}");
        Assert.Equal("invalid_module", answer.Json.GetProperty("code").GetString());
        return answer.Json.GetProperty("detail").GetString()!;
    }

    public async Task<string> PushAsync(byte[] module, string type)
    {
        var answer = await PutAsync(module, type);
        Assert.True(answer.Status is 200 or 201, $"The module was not taken: {answer}");
        return answer.Json.GetProperty("sha256").GetString()!;
    }

    /// <summary>Stores a module of JavaScript.</summary>
    public Task<string> PushScriptAsync(string code) => PushAsync(Encoding.UTF8.GetBytes(code), "text/javascript");

    private async Task<Answer> PutAsync(byte[] module, string type)
    {
        using var content = new ByteArrayContent(module) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await wire.SendAsync(HttpMethod.Put, "/api/v1/modules", content);
    }

    /// <summary>Submits a task.</summary>
    /// <param name="run">JSON, such as <c>{"memoryMb":16}</c>.</param>
    /// <param name="more">Further members, as JSON with a comma in front.</param>
    public async Task<long> SubmitAsync(string module, string payload, string run = "{}", string more = "",
        int attempts = 1)
    {
        var answer = await wire.PostAsync("/api/v1/tasks", Describe(module, payload, run, more, attempts));
        Assert.True(answer.Status == 201, $"The task was not taken: {answer}");
        return answer.Json.GetProperty("id").GetInt64();
    }

    /// <summary>Submits at most 1,000 tasks at a time, and returns their ids in order.</summary>
    public async Task<IReadOnlyList<long>> SubmitManyAsync(string module, IEnumerable<string> payloads,
        int attempts = 1, string run = "{}", string queue = "default")
    {
        List<long> ids = [];
        foreach (var batch in payloads.Chunk(1_000))
        {
            var tasks = string.Join(',', batch.Select(payload =>
                Describe(module, payload, run, $",\"queue\":\"{queue}\"", attempts)));
            var answer = await wire.PostAsync("/api/v1/tasks/batch", $$"""{"tasks":[{{tasks}}]}""");
            ids.AddRange(answer.Json.GetProperty("outcomes").EnumerateArray()
                .Select(outcome => outcome.GetProperty("id").GetInt64()));
        }

        return ids;
    }

    /// <summary>
    /// Waits for the task's end. What a browser had in its hands when it died comes back after its lease.
    /// </summary>
    public async Task<Finished> FinishAsync(long taskId)
    {
        var task = await SeeAsync(taskId, "completed", "dead", "cancelled");
        return new(
            task.GetProperty("state").GetString()!,
            task.TryGetProperty("result", out var result) ? result.GetRawText() : null,
            task.TryGetProperty("error", out var error) ? error.GetString() : null);
    }

    /// <summary>
    /// Waits until the task is in one of these states, at most for a lease and as long as anything may take.
    /// </summary>
    public Task<JsonElement> SeeAsync(long taskId, params string[] states) => Eventually.SeeAsync(
        $"task {taskId} is {string.Join(" or ", states)}", () =>
            LookAsync(taskId), task => states.Contains(task.GetProperty("state").GetString()), Lease + Eventually.Max);

    public async Task<JsonElement> LookAsync(long taskId) => (await wire.GetAsync($"/api/v1/tasks/{taskId}")).Json;

    private static string Describe(string module, string payload, string run, string more, int attempts) =>
        $$"""{"module":"{{module}}","run":{{run}},"payload":{{payload}},"maxAttempts":{{attempts}},"leaseSeconds":{{Lease.TotalSeconds}}{{more}}}""";
}
