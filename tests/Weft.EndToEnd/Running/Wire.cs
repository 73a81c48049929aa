using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Weft.EndToEnd.Running;

/// <summary>An answer as it came: nothing is decoded, followed or retried.</summary>
internal sealed record Answer(int Status, byte[] Body, HttpResponseHeaders Headers)
{
    /// <summary>Deep payloads are valid JSON too, so that no depth of ours stands in the way.</summary>
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 10_000 };

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body, AnyDepth);
            return document.RootElement.Clone();
        }
    }

    public override string ToString() => $"{Status} {Text}";
}

/// <summary>
/// A task as a worker gets it. <paramref name="Data"/> is the member's text as it stood in the answer.
/// </summary>
internal sealed record Claim(long TaskId, string Data);

/// <summary>
/// What the main program sees of a task. <paramref name="Result"/> is the member's text as it stood in the answer.
/// </summary>
internal sealed record Outcome(string Status, string Result);

/// <summary>The six endpoints, raw.</summary>
/// <param name="token">Sent with every request; null for none.</param>
internal sealed class Wire(Uri address, string? token = null) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(2),
        DefaultRequestHeaders = { Authorization = token is null ? null : new("Bearer", token) },
    };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, byte[] body) =>
        SendAsync(HttpMethod.Post, path, new ByteArrayContent(body));

    public Task<Answer> PostAsync(string path, string body) => PostAsync(path, Encoding.UTF8.GetBytes(body));

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, body, response.Headers);
    }

    public async Task<long> SubmitAsync(string payload)
    {
        var answer = Expect(200, await PostAsync("/task", payload));
        return answer.Json.GetProperty("taskId").GetInt64();
    }

    /// <returns>Null when there is no work.</returns>
    public async Task<Claim?> ClaimAsync(string workerId, int waitSeconds = 0)
    {
        var answer = await GetAsync($"/task/next?workerId={workerId}" +
            (waitSeconds > 0 ? $"&wait={waitSeconds}" : ""));
        if (answer.Status == 204) return null;
        var json = Expect(200, answer).Json;
        return new Claim(json.GetProperty("taskId").GetInt64(), json.GetProperty("data").GetRawText());
    }

    public async Task CompleteAsync(long taskId, string body)
    {
        var answer = Expect(200, await PostAsync($"/task/{taskId}/result", body));
        Assert.Equal("success", answer.Json.GetProperty("status").GetString());
    }

    public async Task<Outcome> OutcomeAsync(long taskId)
    {
        var json = Expect(200, await GetAsync($"/result/{taskId}")).Json;
        Assert.Equal(taskId, json.GetProperty("taskId").GetInt64());
        return new Outcome(json.GetProperty("status").GetString()!, json.GetProperty("result").GetRawText());
    }

    public async Task<long> StatAsync(string name) =>
        Expect(200, await GetAsync("/stats")).Json.GetProperty(name).GetInt64();

    public void Dispose() => http.Dispose();

    private static Answer Expect(int status, Answer answer)
    {
        Assert.True(answer.Status == status, $"Expected {status}, got {answer}");
        return answer;
    }
}
