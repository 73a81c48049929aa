using System.Text;
using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Api;

/// <summary>/api/v1, raw: each request says which status it expects.</summary>
internal sealed class ApiWire(Wire wire)
{
    public Task<JsonElement> GetAsync(string path, int status = 200) =>
        SendAsync(HttpMethod.Get, path, null, status, key: null);

    public Task<JsonElement> PostAsync(string path, string body = "", int status = 200, string? key = null) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"), status, key);

    /// <summary>The code of the problem with which the coordinator refuses.</summary>
    public async Task<string> RefusedAsync(string path, string body, int status) =>
        Code(await PostAsync(path, body, status));

    public static string Code(JsonElement problem) => problem.GetProperty("code").GetString()!;

    /// <summary>The objects of an answer in NDJSON.</summary>
    public async Task<List<JsonElement>> LinesAsync(string path) =>
        [.. (await wire.GetAsync($"/api/v1/{path}")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)];

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, StringContent? body, int status,
        string? key)
    {
        if (key is not null) body!.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        var answer = await wire.SendAsync(method, $"/api/v1/{path}", body);
        Assert.True(answer.Status == status, $"{method} {path}: {answer}");
        return answer.Json;
    }
}
