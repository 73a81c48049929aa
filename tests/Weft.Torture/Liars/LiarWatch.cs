using System.Text.Json;
using Weft.Torture.Load;

namespace Weft.Torture.Liars;

/// <summary>
/// V4: reads verified tasks on every surface while they are worked on; no answer may show before it is believed, and no
/// check at all. What was told once stays.
/// </summary>
internal sealed class LiarWatch(VerifiedStore store, Random random)
{
    private readonly Dictionary<long, string> _told = [];

    public async Task RunAsync(Surface surface, CancellationToken stop)
    {
        using var client = new TortureClient(surface);
        while (!stop.IsCancellationRequested)
        {
            if (await StepAsync(client)) continue;
            if (!client.HasOthers) return;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> StepAsync(TortureClient client)
    {
        var ids = store.Numbers.Keys.ToArray();
        if (ids.Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            return true;
        }

        var id = ids[random.Next(ids.Length)];
        var old = await client.GetAsync($"result/{id}");
        if (old.IsOk && Text(old.Json, "status") != "completed" && Text(old.Json, "result") is { Length: > 0 } shown)
        {
            Violated($"GET /result/{id} shows {shown} of a task that is {Text(old.Json, "status")}.");
        }

        var task = await client.GetAsync($"api/v1/tasks/{id}");
        if (task.IsOk) See(id, task.Json);
        var answers = await client.GetAsync($"api/v1/tasks/{id}/answers");
        if (answers.IsOk)
        {
            foreach (var answer in answers.Json.GetProperty("answers").EnumerateArray())
            {
                if (Text(answer, "verdict") == "open" && answer.TryGetProperty("sha256", out _))
                {
                    Violated($"The answers of task {id} show the hash of one that isn't decided.");
                }
            }
        }

        var next = await client.GetAsync("task/next?workerId=old");
        if (next.Status == 200) Violated($"GET /task/next handed out a verified task: {next.Json}");
        return await SeesNoCheckAsync(client) && !task.IsGone;
    }

    private async Task<bool> SeesNoCheckAsync(TortureClient client)
    {
        var page = await client.GetAsync("api/v1/tasks?limit=100");
        if (!page.IsOk) return !page.IsGone;
        foreach (var listed in page.Json.GetProperty("tasks").EnumerateArray())
        {
            if (listed.TryGetProperty("result", out _) && Text(listed, "state") != "completed")
            {
                Violated($"A list shows the result of a task that is {Text(listed, "state")}.");
            }
        }

        // A task whose submit had no reply is one, too; a check has an id that no list has.
        var known = page.Json.GetProperty("tasks").EnumerateArray()
            .Select(static listed => listed.GetProperty("id").GetInt64()).ToHashSet();
        var check = store.Claimed.Keys.FirstOrDefault(id => !store.Numbers.ContainsKey(id) && !known.Contains(id));
        if (check == 0) return true;
        var shown = await client.GetAsync($"result/{check}");
        if (shown.IsOk && Text(shown.Json, "result") is { Length: > 0 } result && !store.Numbers.ContainsKey(check)
            && (await client.GetAsync($"api/v1/tasks/{check}")).Status == 404)
        {
            Violated($"GET /result/{check} shows {result} of a check.");
        }

        return true;
    }

    private void See(long id, JsonElement task)
    {
        if (!task.TryGetProperty("result", out var result)) return;
        if (Text(task, "state") != "completed")
        {
            Violated($"Task {id} shows a result while it is {Text(task, "state")}.");
            return;
        }

        var told = result.GetRawText();
        if (!_told.TryAdd(id, told) && _told[id] != told)
        {
            Violated($"Task {id} was told as {_told[id]}, and then as {told}.");
        }
    }

    private void Violated(string text) => store.Violations.Enqueue(new("V4", text));

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
