using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Weft.Bench.Browser;

/// <summary>The main program of the browser's scenario: it submits, and checks every result.</summary>
internal sealed class BrowserMain(IPEndPoint address) : IDisposable
{
    private const int WaitSeconds = 20;
    private const int PatienceSeconds = 120;

    private readonly HttpClient http =
        new() { BaseAddress = new Uri($"http://{address}/"), Timeout = TimeSpan.FromMinutes(1) };

    public Uri Page(string path) => new(http.BaseAddress!, path);

    /// <summary>Submits one task of the sample, and waits for its end.</summary>
    /// <returns>Whether the product is right.</returns>
    public async Task<bool> MultiplyAsync(MatrixPair pair, CancellationToken stop)
    {
        var submitted = await PostAsync("api/v1/tasks",
            $$$"""{"queue":"matrix","type":"matrix","payload":{"A":"{{{pair.A}}}","B":"{{{pair.B}}}"}}""", stop);
        return (await WaitAsync(submitted.GetProperty("id").GetInt64(), stop)).GetString() == pair.Product;
    }

    /// <summary>Submits one task with a module, and returns its id.</summary>
    public async Task<long> SubmitAsync(string module, int payload, CancellationToken stop) =>
        (await PostAsync("api/v1/tasks", $$"""{"module":"{{module}}","payload":{{payload}}}""", stop))
        .GetProperty("id").GetInt64();

    /// <summary>Waits for a task's end.</summary>
    /// <returns>Its result, as JSON.</returns>
    public async Task<string> ResultAsync(long id, CancellationToken stop) => (await WaitAsync(id, stop)).GetRawText();

    /// <summary>Stores a module, and returns its hash.</summary>
    public async Task<string> PushAsync(byte[] module, string type, CancellationToken stop)
    {
        using var content = new ByteArrayContent(module) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return (await ReadAsync(await http.PutAsync("api/v1/modules", content, stop), stop)).GetProperty("sha256")
            .GetString()!;
    }

    /// <summary>Submits tasks with a module, and returns the id of the first.</summary>
    /// <param name="payloads">As JSON.</param>
    public async Task<long> SubmitAsync(string module, long group, IEnumerable<string> payloads,
        CancellationToken stop)
    {
        var tasks = string.Join(',', payloads.Select(payload =>
            $$"""{"module":"{{module}}","group":{{group}},"payload":{{payload}}}"""));
        var answer = await PostAsync("api/v1/tasks/batch", $$"""{"tasks":[{{tasks}}]}""", stop);
        return answer.GetProperty("outcomes")[0].GetProperty("id").GetInt64();
    }

    public async Task<long> NewGroupAsync(CancellationToken stop) =>
        (await PostAsync("api/v1/groups", "{}", stop)).GetProperty("id").GetInt64();

    /// <summary>Follows a group to its end, and counts wrong results.</summary>
    public async Task<(int Right, int Wrong)> CheckAsync(long group, IReadOnlyDictionary<long, string> expected,
        CancellationToken stop)
    {
        var (right, wrong) = (0, 0);
        var cursor = "";
        while (right + wrong < expected.Count)
        {
            var lines = await http.GetStringAsync($"api/v1/groups/{group}/results?wait={WaitSeconds}{cursor}", stop);
            foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var document = JsonDocument.Parse(line);
                var task = document.RootElement;
                cursor = $"&after={task.GetProperty("cursor").GetString()}";
                if (!task.TryGetProperty("id", out var id)) continue;
                if (task.TryGetProperty("result", out var result)
                    && result.GetRawText() == expected[id.GetInt64()]) right++;
                else wrong++;
            }
        }
        return (right, wrong);
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> WaitAsync(long id, CancellationToken stop)
    {
        // A busy machine takes long to start a Python.
        for (var waited = 0; waited < PatienceSeconds; waited += WaitSeconds)
        {
            var task = await GetAsync($"api/v1/tasks/{id}?wait={WaitSeconds}", stop);
            if (task.GetProperty("state").GetString() == "completed") return task.GetProperty("result");
        }
        throw new InvalidOperationException($"Nobody has computed task {id} within {PatienceSeconds} s.");
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken stop) =>
        await ReadAsync(await http.GetAsync(path, stop), stop);

    private async Task<JsonElement> PostAsync(string path, string json, CancellationToken stop)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await ReadAsync(await http.PostAsync(path, content, stop), stop);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(stop);
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"{response.RequestMessage!.RequestUri} answered " +
                    $"{(int)response.StatusCode}: {text}");
            return JsonElement.Parse(text);
        }
    }
}
