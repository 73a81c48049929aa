using System.Text.Json.Nodes;
using Weft.Tests.Api;

namespace Weft.Tests.OpenApi;

/// <summary>
/// The real coordinator answers as the document says: each operation once when all goes well, and each way in which a
/// request is bad.
/// </summary>
public sealed class OpenApiAnswersTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Root = "/api/v1/";
    private readonly OpenApiDocument _document = new();
    private readonly HashSet<string> _answered = [];

    [Fact]
    public async Task EveryOperation_AnswersAsDocumented()
    {
        var queue = ApiServer.NewQueue();
        var group = (await AskAsync("POST", "groups", "groups", """{"name":"run"}""", 201))["id"]!.GetValue<long>();
        var task =
            $$"""{"queue":"{{queue}}","type":"t","payload":{"n":1},"group":{{group}},"maxAttempts":1,"expiresInSeconds":3600,"requires":["simd"]}""";
        var first = (await AskAsync("POST", "tasks", "tasks", task, 201, key: queue))["id"]!.GetValue<long>();
        await AskAsync("POST", "tasks", "tasks", task, 200, key: queue);
        await AskAsync("POST", "tasks/batch", "tasks/batch",
            $$"""{"tasks":[{{task}},{{task}},{{task}},{{task}},{"payload":1,"priority":200}]}""");

        var claim = $$"""{"workerId":"w","queues":["{{queue}}"],"max":4,"capabilities":["simd"]}""";
        var tasks = (await AskAsync("POST", "tasks/claim", "tasks/claim", claim))["tasks"]!.AsArray();
        Assert.Equal(4, tasks.Count);
        var (ids, tokens) = (tasks.Select(static each => each!["id"]!.GetValue<long>()).ToList(),
            tasks.Select(static each => each!["leaseToken"]!.GetValue<string>()).ToList());
        await AskAsync("POST", "tasks/{id}/heartbeat", $"tasks/{ids[0]}/heartbeat",
            $$"""{"leaseToken":"{{tokens[0]}}","progress":0.5,"checkpoint":[1],"workerId":"w"}""");
        await AskAsync("GET", "tasks/{id}", $"tasks/{ids[0]}");
        await AskAsync("GET", "tasks/{id}/explain", $"tasks/{ids[0]}/explain");
        await AskAsync("GET", "tasks/{id}/attempts", $"tasks/{ids[0]}/attempts");
        await AskAsync("POST", "tasks/{id}/complete", $"tasks/{ids[0]}/complete",
            $$"""{"leaseToken":"{{tokens[0]}}","result":2}""");
        await AskAsync("POST", "tasks/{id}/fail", $"tasks/{ids[1]}/fail",
            $$"""{"leaseToken":"{{tokens[1]}}","error":"no"}""");
        await AskAsync("GET", "tasks/{id}/attempts", $"tasks/{ids[1]}/attempts");
        await AskAsync("POST", "tasks/{id}/release", $"tasks/{ids[2]}/release", $$"""{"leaseToken":"{{tokens[2]}}"}""");
        await AskAsync("GET", "tasks/{id}/explain", $"tasks/{ids[2]}/explain");
        await AskAsync("POST", "tasks/settle", "tasks/settle",
            $$"""{"workerId":"w","items":[{"action":"complete","id":{{ids[3]}},"leaseToken":"{{tokens[3]}}","result":1},{"action":"release","id":{{ids[0]}},"leaseToken":"{{tokens[0]}}"}],"claim":{{claim}}}""");
        await AskAsync("GET", "tasks/{id}", $"tasks/{first}?wait=0");
        await AskAsync("GET", "tasks", $"tasks?queue={queue}&order=newest&limit=2");
        await AskAsync("POST", "tasks/{id}/retry", $"tasks/{ids[1]}/retry");
        await AskAsync("POST", "tasks/{id}/cancel", $"tasks/{ids[1]}/cancel");
        await AskAsync("GET", "groups", "groups?limit=1");
        await AskAsync("GET", "groups/{id}", $"groups/{group}");
        await AskAsync("GET", "groups/{id}/results", $"groups/{group}/results");
        await AskAsync("GET", "groups/{id}/corrections", $"groups/{group}/corrections");
        await AskAsync("GET", "groups/{id}/verification", $"groups/{group}/verification");
        await AskAsync("GET", "groups/{id}/receipts", $"groups/{group}/receipts");
        await AskAsync("POST", "groups/{id}/seal", $"groups/{group}/seal");
        await RefuseAsync("POST", "tasks", "tasks", task, 409, "group_sealed");
        await AskAsync("GET", "groups/{id}", $"groups/{group}");
        await AskAsync("POST", "groups/{id}/cancel", $"groups/{group}/cancel");
        await AskAsync("POST", "operations", "operations",
            $$$"""{"action":"cancel","filter":{"queue":"{{{queue}}}"},"dryRun":true}""");
        var operation =
            (await AskAsync("POST", "operations", "operations",
                $$$"""{"action":"priority","priority":3,"filter":{"queue":"{{{queue}}}","type":"t"}}""",
                202))["id"]!.GetValue<long>();
        await AskAsync("GET", "operations", "operations?limit=1");
        await AskAsync("POST", "operations/{id}/cancel", $"operations/{operation}/cancel");
        await AskAsync("GET", "operations/{id}", $"operations/{operation}");
        await AskAsync("POST", "queues/{queue}/pause", $"queues/{queue}/pause");
        await AskAsync("POST", "queues/{queue}/resume", $"queues/{queue}/resume");
        await AskAsync("POST", "queues/{queue}/purge", $"queues/{queue}/purge");
        await AskAsync("GET", "queues", "queues");
        await AskAsync("GET", "queues/{queue}", $"queues/{queue}");
        await AskAsync("GET", "workers", "workers");
        await AskForBoardAsync(queue,
            (await AskAsync("POST", "workers", "workers", "{}", 201))["workerKey"]!.GetValue<string>());
        await AskAsync("PUT", "queues/{queue}/verify", $"queues/{queue}/verify", """{"copies":3}""");
        await AskAsync("GET", "queues/{queue}/verify", $"queues/{queue}/verify");
        await AskAsync("GET", "queues/{queue}/verification", $"queues/{queue}/verification");
        await AskForNothingAsync("DELETE", "queues/{queue}/verify", $"queues/{queue}/verify");
        await AskAsync("GET", "tasks/{id}/answers", $"tasks/{ids[0]}/answers");
        await AskAsync("GET", "overview", "overview");
        await AskAsync("GET", "series", "series?window=1h");
        await using (var stream = await EventReader.OpenAsync(server.Url, $"events?queue={queue}"))
        {
            await server.SubmitAsync(queue);
            _document.Check(_document.Schemas["EventInfo"]!, (await stream.ReadAsync(1))[0].Data.GetRawText(),
                "events");
            Assert.NotNull(_document.Response("GET /api/v1/events", 200)!["content"]![stream.MediaType!]);
            _answered.Add("GET /api/v1/events");
        }

        await AskAsync("GET", "access", "access");
        var token =
            (await AskAsync("POST", "tokens", "tokens",
                """{"scopes":["work"],"queues":["a"],"expiresInSeconds":60,"name":"n"}""", 201))["id"]!.GetValue<long>(
                    );
        await AskAsync("GET", "audit", "audit?limit=1");
        await AskAsync("GET", "tokens", "tokens");
        await AskAsync("DELETE", "tokens/{id}", $"tokens/{token}");

        var webhook =
            (await AskAsync("POST", "webhooks", "webhooks",
                """{"url":"https://192.0.2.1.invalid/hook","events":["task.dead"],"queues":["a"],"group":1,"name":"n"}""", 201))["id"]!.GetValue<long>();
        await AskAsync("GET", "webhooks", "webhooks");
        await AskAsync("GET", "webhooks/{id}", $"webhooks/{webhook}");
        await AskAsync("POST", "webhooks/{id}/test", $"webhooks/{webhook}/test");
        await AskAsync("POST", "webhooks/{id}/enable", $"webhooks/{webhook}/enable");
        await AskAsync("POST", "webhooks/{id}/rotate", $"webhooks/{webhook}/rotate");
        await AskAsync("GET", "webhooks/{id}/deliveries", $"webhooks/{webhook}/deliveries");
        await AskAsync("DELETE", "webhooks/{id}", $"webhooks/{webhook}");

        await AskAsync("GET", "/health/live", "/health/live");
        await AskAsync("GET", "/health/ready", "/health/ready");

        Assert.NotNull(
            _document.Response("GET /metrics",
                200)!["content"]![(await server.GetAsync("/metrics")).ContentHeaders.ContentType!.MediaType!]);
        _answered.Add("GET /metrics");

        await AskForModulesAsync();
        await AskForBlobsAsync();
        await AskForOutputsAsync();
        await AskOldClientsQuestionsAsync();
        Assert.Equal(_document.Operations.Keys.Order(), _answered.Order());
    }

    private async Task AskForBoardAsync(string queue, string key)
    {
        var named = await AskAsync("PUT", "board", "board", $$"""{"workerKey":"{{key}}","name":"Ada"}""");
        await server.SubmitAsync(queue);
        var claim = $$"""{"workerId":"ada","queues":["{{queue}}"],"workerKey":"{{key}}"}""";
        var task = (await server.PostAsync("tasks/claim", claim)).Accepted().GetProperty("tasks")[0];
        (await server.PostAsync($"tasks/{task.GetProperty("id").GetInt64()}/complete",
            $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":1,"workerId":"ada"}"""))
            .Accepted();
        var board = await AskAsync("GET", "board", "board?limit=1");
        Assert.Equal("Ada", board["names"]![0]!["name"]!.GetValue<string>());
        await AskAsync("DELETE", "board/{worker}", $"board/{named["worker"]!.GetValue<string>()}");
    }

    private async Task AskForModulesAsync()
    {
        var (queue, module) = (ApiServer.NewQueue(), ModuleBytes.Wasm("answers"));
        var hash = ModuleBytes.Hash(module);
        await AskAsync("PUT", "modules", "modules?name=answers", module, 201);
        await AskAsync("PUT", "modules", "modules", module, 200);
        Assert.NotNull(
            _document.Response("GET /api/v1/modules/{sha256}",
                (await server.GetAsync($"modules/{hash}")).Status)!["content"]!["application/wasm"]);
        _answered.Add("GET /api/v1/modules/{sha256}");

        var call =
            $$"""{"module":"{{hash}}","run":{"args":["a"],"env":{"K":"v"},"timeoutSeconds":5,"memoryMb":9,"fixed":true} }""";
        await AskAsync("PUT", "queues/{queue}/module", $"queues/{queue}/module", call);
        var id =
            (await AskAsync("POST", "tasks", "tasks", $$"""{"queue":"{{queue}}","payload":1}""",
                201))["id"]!.GetValue<long>();
        await AskAsync("GET", "queues", "queues");
        await AskAsync("GET", "tasks/{id}", $"tasks/{id}");
        await AskAsync("POST", "tasks/claim", "tasks/claim",
            $$"""{"workerId":"w","queues":["{{queue}}"],"modulesOnly":true,"capabilities":["wasi"]}""");
        await AskAsync("GET", "modules", "modules");
        await RefuseAsync("DELETE", "modules/{sha256}", $"modules/{hash}", null, 409, "module_in_use");
        await AskForNothingAsync("DELETE", "queues/{queue}/module", $"queues/{queue}/module");

        var unused = ModuleBytes.Wasm("unused");
        await AskAsync("PUT", "modules", "modules", unused, 201);
        await AskForNothingAsync("DELETE", "modules/{sha256}", $"modules/{ModuleBytes.Hash(unused)}");
    }

    private async Task AskForBlobsAsync()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(ApiServer.NewQueue());
        var path = $"blobs/{ModuleBytes.Hash(bytes)}";
        await AskAsync("PUT", "blobs/{sha256}", $"{path}?size={bytes.Length}", [], 202);
        await RefuseAsync("PUT", "blobs/{sha256}", $"{path}?offset=1&size={bytes.Length}", null, 409, "wrong_offset");
        await AskAsync("PUT", "blobs/{sha256}", path, bytes, 201);
        await AskAsync("PUT", "blobs/{sha256}", path, bytes, 200);
        await AskAsync("GET", "blobs", "blobs?limit=1");
        Assert.NotNull(
            _document.Response("GET /api/v1/blobs/{sha256}",
                (await server.GetAsync(path)).Status)!["content"]!["application/octet-stream"]);
        _answered.Add("GET /api/v1/blobs/{sha256}");
        await AskForNothingAsync("DELETE", "blobs/{sha256}", path);
    }

    private async Task AskForOutputsAsync()
    {
        var (queue, bytes) = (ApiServer.NewQueue(), "output"u8.ToArray());
        var hash = ModuleBytes.Hash(bytes);
        var id = await server.SubmitAsync(queue, more: ",\"run\":{\"outMb\":1}");
        var (_, lease) = await server.ClaimOneAsync(queue, ",\"capabilities\":[\"files\"]");
        var complete = $$"""
            {"leaseToken":"{{lease}}","result":1,"outputs":[{"path":"a","blob":"{{hash}}","size":6}]}
            """;
        await RefuseAsync("POST", "tasks/{id}/complete", $"tasks/{id}/complete", complete, 422, "blob_not_found");
        foreach (var (piece, status) in ((byte[], int)[])[([], 202), (bytes, 201), (bytes, 200)])
        {
            Check(await server.PushOutputAsync(id, lease, hash, piece, "?size=6"), "PUT", "tasks/{id}/outputs/{sha256}",
                $"tasks/{id}/outputs/{hash}", status);
        }

        await AskAsync("POST", "tasks/{id}/complete", $"tasks/{id}/complete", complete);
        await AskAsync("GET", "tasks/{id}", $"tasks/{id}");
    }

    private async Task AskOldClientsQuestionsAsync()
    {
        await AskAsync("POST", "/worker/register", "/worker/register", """{"workerId":"old"}""");
        await AskAsync("POST", "/task", "/task", "not JSON");
        var id = (await AskAsync("GET", "/task/next", "/task/next?workerId=old"))["taskId"]!.GetValue<long>();
        await AskAsync("POST", "/task/{id}/result", $"/task/{id}/result", """{"result":"5"}""");
        await AskAsync("GET", "/result/{id}", $"/result/{id}");
        await AskAsync("GET", "/stats", "/stats");
        await AskAsync("GET", "/health", "/health");
    }

    [Theory]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"priority":101}""", 400, "invalid_request")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"colour":1}""", 400, "invalid_request")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"payload":2}""", 400, "invalid_request")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"runAt":"2001-01-01T00:00:00Z"}""", 400, "invalid_request")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"leaseSeconds":86401}""", 400, "invalid_request")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"group":987654321}""", 404, "group_not_found")]
    [InlineData("POST", "tasks/claim", "tasks/claim", """{"workerId":"w","wait":25.1}""", 400, "invalid_request")]
    [InlineData("POST", "tasks/claim", "tasks/claim", """{"workerId":"w","leaseSeconds":0.5}""", 400,
        "invalid_request")]
    [InlineData("POST", "webhooks", "webhooks", """{"url":"https://127.0.0.1/","events":["task.dead"]}""", 422,
        "webhook_address_refused")]
    [InlineData("POST", "webhooks", "webhooks", """{"url":"http://example.org/","events":["task.dead"]}""", 422,
        "webhook_address_refused")]
    [InlineData("POST", "webhooks", "webhooks", """{"url":"ftp://example.org/","events":["task.dead"]}""", 400,
        "invalid_request")]
    [InlineData("POST", "webhooks", "webhooks", """{"url":"https://a:b@example.org/","events":["task.dead"]}""", 400,
        "invalid_request")]
    [InlineData("POST", "webhooks", "webhooks", """{"url":"https://example.org/","events":[]}""", 400,
        "invalid_request")]
    [InlineData("POST", "webhooks", "webhooks", """{"url":"https://example.org/"}""", 400, "invalid_request")]
    [InlineData("GET", "webhooks/{id}", "webhooks/987654321", null, 404, "webhook_not_found")]
    [InlineData("POST", "webhooks/{id}/test", "webhooks/987654321/test", null, 404, "webhook_not_found")]
    [InlineData("POST", "webhooks/{id}/enable", "webhooks/987654321/enable", null, 404, "webhook_not_found")]
    [InlineData("POST", "webhooks/{id}/rotate", "webhooks/987654321/rotate", null, 404, "webhook_not_found")]
    [InlineData("GET", "webhooks/{id}/deliveries", "webhooks/987654321/deliveries", null, 404, "webhook_not_found")]
    [InlineData("DELETE", "webhooks/{id}", "webhooks/987654321", null, 404, "webhook_not_found")]
    [InlineData("POST", "tasks/{id}/complete", "tasks/987654321/complete",
        """{"leaseToken":"00000000000000aa","result":1}""", 404, "task_not_found")]
    [InlineData("POST", "tasks/{id}/heartbeat", "tasks/0/heartbeat", """{"leaseToken":"00000000000000aa"}""", 400,
        "invalid_request")]
    [InlineData("GET", "tasks/{id}", "tasks/987654321", null, 404, "task_not_found")]
    [InlineData("GET", "tasks/{id}", "tasks/9223372036854775808", null, 400, "invalid_request")]
    [InlineData("GET", "tasks/{id}", "tasks/1?wait=26", null, 400, "invalid_request")]
    [InlineData("GET", "tasks/{id}/attempts", "tasks/987654321/attempts", null, 404, "task_not_found")]
    [InlineData("GET", "tasks/{id}/explain", "tasks/987654321/explain", null, 404, "task_not_found")]
    [InlineData("GET", "tasks/{id}/answers", "tasks/987654321/answers", null, 404, "task_not_found")]
    [InlineData("GET", "queues/{queue}/verify", "queues/nobody-verifies/verify", null, 404, "not_found")]
    [InlineData("PUT", "queues/{queue}/verify", "queues/a/verify", """{"copies":1}""", 400, "invalid_request")]
    [InlineData("POST", "workers", "workers", """{"name":"w"}""", 400, "invalid_request")]
    [InlineData("GET", "tasks", "tasks?after=zebra", null, 400, "invalid_request")]
    [InlineData("GET", "tasks", "tasks?limit=1001", null, 400, "invalid_request")]
    [InlineData("POST", "tasks/{id}/cancel", "tasks/987654321/cancel", null, 404, "task_not_found")]
    [InlineData("POST", "tasks/{id}/retry", "tasks/987654321/retry", null, 404, "task_not_found")]
    [InlineData("GET", "groups", "groups?limit=1001", null, 400, "invalid_request")]
    [InlineData("POST", "groups", "groups", """{"name":""}""", 400, "invalid_request")]
    [InlineData("GET", "groups/{id}", "groups/987654321", null, 404, "group_not_found")]
    [InlineData("GET", "groups/{id}/results", "groups/987654321/results", null, 404, "group_not_found")]
    [InlineData("GET", "groups/{id}/results", "groups/1/results?after=o1", null, 400, "invalid_request")]
    [InlineData("GET", "groups/{id}/corrections", "groups/987654321/corrections", null, 404, "group_not_found")]
    [InlineData("GET", "groups/{id}/verification", "groups/987654321/verification", null, 404, "group_not_found")]
    [InlineData("GET", "groups/{id}/corrections", "groups/1/corrections?after=f1", null, 400, "invalid_request")]
    [InlineData("GET", "groups/{id}/receipts", "groups/987654321/receipts", null, 404, "group_not_found")]
    [InlineData("POST", "groups/{id}/seal", "groups/987654321/seal", null, 404, "group_not_found")]
    [InlineData("POST", "operations", "operations", """{"action":"retry"}""", 400, "invalid_request")]
    [InlineData("GET", "audit", "audit?after=o1", null, 400, "invalid_request")]
    [InlineData("GET", "operations", "operations?limit=0", null, 400, "invalid_request")]
    [InlineData("GET", "operations/{id}", "operations/987654321", null, 404, "operation_not_found")]
    [InlineData("POST", "operations/{id}/cancel", "operations/987654321/cancel", null, 404, "operation_not_found")]
    [InlineData("POST", "groups/{id}/seal", "groups/0/seal", null, 400, "invalid_request")]
    [InlineData("GET", "events", "events?topics=zebra", null, 400, "invalid_request")]
    [InlineData("GET", "events", "events?group=987654321", null, 404, "group_not_found")]
    [InlineData("GET", "events", "events?task=987654321", null, 404, "task_not_found")]
    [InlineData("POST", "groups/{id}/cancel", "groups/987654321/cancel", null, 404, "group_not_found")]
    [InlineData("POST", "tokens", "tokens", """{"scopes":["root"]}""", 400, "invalid_request")]
    [InlineData("DELETE", "tokens/{id}", "tokens/987654321", null, 404, "token_not_found")]
    [InlineData("GET", "queues/{queue}", "queues/a%20b", null, 400, "invalid_request")]
    [InlineData("POST", "queues/{queue}/pause", "queues/a%20b/pause", null, 400, "invalid_request")]
    [InlineData("PUT", "queues/{queue}/module", "queues/a%20b/module", "{}", 400, "invalid_request")]
    [InlineData("PUT", "queues/{queue}/module", "queues/a/module",
        """{"module":"0000000000000000000000000000000000000000000000000000000000000000"}""", 422, "module_not_found")]
    [InlineData("DELETE", "queues/{queue}/module", "queues/a%20b/module", null, 400, "invalid_request")]
    [InlineData("POST", "tasks", "tasks",
        """{"payload":1,"module":"0000000000000000000000000000000000000000000000000000000000000000"}""", 422,
        "module_not_found")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"run":{}}""", 400, "invalid_request")]
    [InlineData("PUT", "modules", "modules?name=", "", 415, "unsupported_media_type")]
    [InlineData("GET", "modules/{sha256}", "modules/zebra", null, 404, "module_not_found")]
    [InlineData("DELETE", "modules/{sha256}", "modules/zebra", null, 404, "module_not_found")]
    [InlineData("POST", "tasks", "tasks",
        """{"payload":1,"run":{"files":[{"path":"a","blob":"0000000000000000000000000000000000000000000000000000000000000000"}]}}""", 422, "blob_not_found")]
    [InlineData("POST", "tasks", "tasks", """{"payload":1,"run":{"packages":["nobody-has-this"]}}""", 422,
        "packages_unresolved")]
    [InlineData("GET", "blobs", "blobs?after=n1", null, 400, "invalid_request")]
    [InlineData("PUT", "blobs/{sha256}", "blobs/zebra", "x", 404, "blob_not_found")]
    [InlineData("PUT", "blobs/{sha256}", "blobs/0000000000000000000000000000000000000000000000000000000000000000", "x",
        400, "hash_mismatch")]
    [InlineData("PUT", "blobs/{sha256}",
        "blobs/0000000000000000000000000000000000000000000000000000000000000000?offset=x", "x", 400, "invalid_request")]
    [InlineData("GET", "blobs/{sha256}", "blobs/zebra", null, 404, "blob_not_found")]
    [InlineData("DELETE", "blobs/{sha256}", "blobs/zebra", null, 404, "blob_not_found")]
    public async Task ABadRequest_IsRefused_AsDocumented(string method, string operation, string path, string? body,
        int status, string code) =>
        await RefuseAsync(method, operation, path, body, status, code);

    [Fact]
    public async Task WhatATaskIsPast_IsRefused_AsDocumented()
    {
        var queue = ApiServer.NewQueue();
        var id = await server.SubmitAsync(queue);
        var (_, token) = await server.ClaimOneAsync(queue);
        await RefuseAsync("POST", "tasks/{id}/complete", $"tasks/{id}/complete",
            """{"leaseToken":"00000000000000aa","result":1}""", 409, "stale_lease");
        await RefuseAsync("POST", "tasks/{id}/retry", $"tasks/{id}/retry", null, 409, "task_not_dead");
        (await server.PostAsync($"tasks/{id}/complete", $$"""{"leaseToken":"{{token}}","result":1}""")).Accepted();
        await RefuseAsync("POST", "tasks/{id}/heartbeat", $"tasks/{id}/heartbeat", $$"""{"leaseToken":"{{token}}"}""",
            409, "task_finished");
        await RefuseAsync("POST", "tasks/{id}/cancel", $"tasks/{id}/cancel", null, 409, "task_finished");

        var cancelled = await server.SubmitAsync(queue);
        var (_, lost) = await server.ClaimOneAsync(queue);
        (await server.PostAsync($"tasks/{cancelled}/cancel", "")).Accepted();
        await RefuseAsync("POST", "tasks/{id}/heartbeat", $"tasks/{cancelled}/heartbeat",
            $$"""{"leaseToken":"{{lost}}"}""", 409, "task_cancelled");
    }

    [Fact]
    public async Task ASubmitThatIsTooMuch_IsRefused_AsDocumented()
    {
        var large = new string('x', 11 << 20);
        await RefuseAsync("POST", "tasks", "tasks", $$"""{"payload":"{{large}}"}""", 413, "payload_too_large");
        await RefuseAsync("POST", "tasks/batch", "tasks/batch",
            $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat("""{"payload":1}""", 1_001))}}]}""", 400,
            "invalid_request");
        var item =
            (await server.PostAsync("tasks/batch", $$"""{"tasks":[{"payload":"{{large[..(1 << 20)]}}"}]}""")).Accepted()
                .GetProperty("outcomes")[0];
        Assert.Equal((413, "payload_too_large"),
            (item.GetProperty("status").GetInt32(), item.GetProperty("code").GetString()));

        var key = ApiServer.NewQueue();
        (await server.PostAsync("tasks", """{"payload":1}""", key)).Accepted(201);
        await RefuseAsync("POST", "tasks", "tasks", """{"payload":2}""", 422, "idempotency_mismatch", key);
    }

    private async Task<JsonNode> AskAsync(string method, string operation, string path, string? body = null,
        int status = 200, string? key = null) =>
        Check(await SendAsync(method, path, body, key), method, operation, path, status);

    private async Task<JsonNode> AskAsync(string method, string operation, string path, byte[] module, int status) =>
        Check(await server.SendAsync(new(method), path, module, type: "application/wasm"), method, operation, path,
            status);

    private async Task AskForNothingAsync(string method, string operation, string path)
    {
        var answer = await SendAsync(method, path, null, null);
        Assert.Equal((204, ""), (answer.Status, answer.Text));
        Assert.NotNull(_document.Response(Name(method, operation), 204));
        _answered.Add(Name(method, operation));
    }

    private JsonNode Check(ApiAnswer answer, string method, string operation, string path, int status)
    {
        Assert.True(answer.Status == status, $"{method} {path}: {answer.Status} {answer.Text}");
        var name = Name(method, operation);
        var media = _document.Response(name, status)!["content"]![answer.ContentHeaders.ContentType!.MediaType!]!;
        var texts = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var text in texts) _document.Check(media["schema"]!, text, name);
        _answered.Add(name);
        return JsonNode.Parse(texts[0])!;
    }

    private async Task RefuseAsync(string method, string operation, string path, string? body, int status, string code,
        string? key = null)
    {
        var answer = await SendAsync(method, path, body, key);
        answer.Refused(status, code);
        var response = _document.Response(Name(method, operation), status);
        Assert.True(response is not null, $"{method} {operation} doesn't document {status}");
        Assert.Contains(code, OpenApiDocument.Codes(response));
        _document.Check(_document.Schemas["Problem"]!, answer.Text, path);
    }

    private static string Name(string method, string operation) =>
        $"{method} {(operation.StartsWith('/') ? "" : Root)}{operation}";

    private Task<ApiAnswer> SendAsync(string method, string path, string? body, string? key) =>
        server.SendAsync(new(method), path, body is null ? null : System.Text.Encoding.UTF8.GetBytes(body), key);
}
