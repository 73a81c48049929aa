using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Weft.Testing;

namespace Weft.Tests.Api;

public sealed class ModuleTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Push_AnswersTheHash_AndWhetherTheModuleIsNew()
    {
        var module = ModuleBytes.Wasm("push");
        var first = await server.PushAsync(module, "?name=Produkt%20%C3%A9");
        var info = first.Accepted(201);
        Assert.Equal($"/api/v1/modules/{ModuleBytes.Hash(module)}", first.Headers.Location?.ToString());
        Assert.Equal(ModuleBytes.Hash(module), info.GetProperty("sha256").GetString());
        Assert.Equal((module.Length, "wasm", "Produkt é", false),
            (info.GetProperty("size").GetInt32(), info.GetProperty("kind").GetString(),
                info.GetProperty("name").GetString(), info.GetProperty("inUse").GetBoolean()));
        Assert.Equal(first.Text, (await server.PushAsync(module)).Accepted(200).GetRawText());

        var listed = (await server.GetAsync("modules")).Accepted().GetProperty("modules").EnumerateArray();
        Assert.Equal(first.Text,
            Assert.Single(listed, each => each.GetProperty("sha256").GetString() == ModuleBytes.Hash(module))
                .GetRawText());
    }

    [Fact]
    public async Task WhatModulesAreRunWith_CountsWhereTasksAreHandedOut()
    {
        var queue = ApiServer.NewQueue();
        var hash = (await server.PushAsync(ModuleBytes.Wasm("run"))).Accepted(201).GetProperty("sha256").GetString();
        var args = string.Join(',', Enumerable.Repeat($"\"{string.Concat(Enumerable.Repeat("\\u0001", 4_000))}\"", 4));
        var task = $$$"""{"queue":"{{{queue}}}","payload":1,"module":"{{{hash}}}","run":{"args":[{{{args}}}]}}""";
        for (var i = 0; i < 4; i++)
        {
            (await server.PostAsync("tasks/batch",
                $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat(task, 100))}}]}""")).Accepted();
        }

        var claim = (await server.PostAsync("tasks/claim",
            $$"""{"workerId":"w","queues":["{{queue}}"],"max":500,"modulesOnly":true,"capabilities":["wasi"]}"""))
            .Accepted();
        // 96 KB each, and 32 MiB are enough.
        Assert.InRange(claim.GetProperty("tasks").GetArrayLength(), 300, 360);
    }

    [Fact]
    public async Task Get_GivesTheBytes_ForEverTheSame()
    {
        // Over three chunks of the store, the last one short.
        var module = ModuleBytes.Wasm(new byte[600_000]);
        Random.Shared.NextBytes(module.AsSpan(WasmCommand.Bytes.Length + 10));
        var hash = await PushedAsync(module);

        using var answer = await FetchAsync(hash);
        Assert.Equal(module, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("application/wasm", module.Length),
            (answer.Content.Headers.ContentType?.ToString(), answer.Content.Headers.ContentLength));
        Assert.Equal(($"\"{hash}\"", "max-age=31536000, public, immutable"),
            (answer.Headers.ETag?.ToString(), Sorted(answer)));

        using var head = await FetchAsync(hash, static request => request.Method = HttpMethod.Head);
        Assert.Equal((HttpStatusCode.OK, module.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        using var known = await FetchAsync(hash, request => request.Headers.IfNoneMatch.Add(new($"\"{hash}\"")));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var range = await FetchAsync(hash, static request => request.Headers.Range = new(262_140, 262_150));
        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Equal(module[262_140..262_151],
            await range.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "does not begin with")]
    [InlineData("0061736D", "does not begin with")]
    [InlineData("0061736D01000000", "not a WASI command")]
    [InlineData("0061736D01000000" + "010401600000" + "0209" + "0103656E760166" + "0000",
        "The module imports \"f\" from \"env\"; workers provide only WASI preview 1")]
    [InlineData("0061736D0D000100", "component")]
    [InlineData("0061736D02000000", "version 2")]
    [InlineData("4D5A9000", "does not begin with")]
    [InlineData("0061736D010000000105", "truncated")]
    [InlineData("0061736D010000000E00", "section 14")]
    public async Task Push_OfWhatIsNoModule_IsRefused_AndStoresNothing(string hex, string reason)
    {
        var module = Convert.FromHexString(hex);
        var answer = await server.PushAsync(module);
        Assert.Contains(reason, answer.Refused(400, "invalid_module"), StringComparison.Ordinal);
        (await server.GetAsync($"modules/{ModuleBytes.Hash(module)}")).Refused(404, "module_not_found");
    }

    [Fact]
    public async Task Push_OfMoreThanTheLimit_IsRefused()
    {
        var module = ModuleBytes.Wasm(new byte[64 << 20]);
        (await server.PushAsync(module)).Refused(413, "payload_too_large");
    }

    [Fact]
    public async Task Push_OfOtherTypes_IsRefused()
    {
        (await server.PushAsync(ModuleBytes.Wasm("typed"), type: "application/json")).Refused(415,
            "unsupported_media_type");
        (await server.PushAsync(Encoding.UTF8.GetBytes("export default x => x"),
            type: "text/javascript; charset=utf-8")).Refused(403, "javascript_not_allowed");
        (await server.PushAsync(ModuleBytes.Wasm("typed"), $"?name={new string('x', 129)}")).Refused(400,
            "invalid_request");
        (await server.PushAsync(ModuleBytes.Wasm("typed"), type: "application/octet-stream")).Accepted(201);
    }

    [Fact]
    public async Task Delete_IsRefused_WhileATaskOrAQueueNamesTheModule()
    {
        var queue = ApiServer.NewQueue();
        var hash = await PushedAsync(ModuleBytes.Wasm(queue));
        (await server.PutAsync($"queues/{queue}/module", $$"""{"module":"{{hash}}"}""")).Accepted();
        (await server.DeleteAsync($"modules/{hash}")).Refused(409, "module_in_use");
        Assert.Equal(204, (await server.DeleteAsync($"queues/{queue}/module")).Status);
        Assert.Equal(204, (await server.DeleteAsync($"modules/{hash}")).Status);
        (await server.DeleteAsync($"modules/{hash}")).Refused(404, "module_not_found");
        (await server.DeleteAsync("modules/zebra")).Refused(404, "module_not_found");
        (await server.GetAsync($"modules/{hash.ToUpperInvariant()}")).Refused(404, "module_not_found");
        Assert.DoesNotContain(hash, (await server.GetAsync("modules")).Text, StringComparison.Ordinal);

        hash = await PushedAsync(ModuleBytes.Wasm(queue));
        var id = await server.SubmitAsync(queue, more: $",\"module\":\"{hash}\"");
        (await server.PostAsync($"tasks/{id}/cancel", "")).Accepted();
        (await server.DeleteAsync($"modules/{hash}")).Refused(409, "module_in_use");
    }

    [Fact]
    public async Task Claim_HandsOutTheModuleAndItsRun_ToWhoCanRunIt()
    {
        var queue = ApiServer.NewQueue();
        var hash = await PushedAsync(ModuleBytes.Wasm("claim"));
        await server.SubmitAsync(queue);
        var id = await server.SubmitAsync(queue,
            more: $$""","module":"{{hash}}","run":{"args":["a","é \"b\""],"env":{"K":""},"timeoutSeconds":60,"memoryMb":64,"fixed":false}""");
        var plain = await server.SubmitAsync(queue,
            more: $$""","module":"{{hash}}","run":{"timeoutSeconds":60,"memoryMb":256,"fixed":false,"args":[],"env":{} }""");
        var record = await server.TaskAsync(id);
        Assert.Equal("""["wasi"]""", record.GetProperty("requires").GetRawText());
        Assert.Equal(hash, record.GetProperty("module").GetString());

        Assert.Equal("""{"tasks":[]}""", (await ClaimAsync(queue, ",\"modulesOnly\":true")).Text);
        var tasks =
            (await ClaimAsync(queue, ",\"modulesOnly\":true,\"max\":9,\"capabilities\":[\"wasi\"]")).Accepted()
                .GetProperty("tasks").EnumerateArray().ToArray();
        Assert.Equal([id, plain], tasks.Select(static task => task.GetProperty("id").GetInt64()));
        Assert.All(tasks, task => Assert.Equal(hash, task.GetProperty("module").GetString()));
        Assert.Equal("""{"args":["a","é \"b\""],"env":{"K":""},"memoryMb":64}""",
            tasks[0].GetProperty("run").GetRawText());
        Assert.Equal(record.GetProperty("run").GetRawText(), tasks[0].GetProperty("run").GetRawText());
        Assert.False(tasks[1].TryGetProperty("run", out _));
        Assert.False((await server.ClaimTaskAsync(queue)).TryGetProperty("module", out _));
        Assert.All(tasks, static task => Assert.False(task.TryGetProperty("submitter", out _)));
    }

    [Fact]
    public async Task Claim_OfModulesOnly_ThatWaits_IsWokenByAModuleTask_AndByNoOther()
    {
        var queue = ApiServer.NewQueue();
        var hash = await PushedAsync(ModuleBytes.Wasm("wait"));
        var waiting = ClaimAsync(queue, ",\"modulesOnly\":true,\"wait\":25,\"capabilities\":[\"wasi\"]");
        var plain = await server.SubmitAsync(queue);
        var id = await server.SubmitAsync(queue, more: $",\"module\":\"{hash}\"");
        Assert.Equal(id,
            Assert.Single((await waiting).Accepted().GetProperty("tasks").EnumerateArray()).GetProperty("id")
                .GetInt64());
        Assert.Equal(plain, (await server.ClaimOneAsync(queue)).Id);
    }

    [Fact]
    public async Task Queue_WithAModule_GivesItToItsTasks_AndShowsIt()
    {
        var queue = ApiServer.NewQueue();
        var hash = await PushedAsync(ModuleBytes.Wasm("queue"));
        var set = await server.PutAsync($"queues/{queue}/module",
            $$"""{"run":{"fixed":true,"timeoutSeconds":1.5},"module":"{{hash}}"}""");
        Assert.Equal($$"""{"module":"{{hash}}","run":{"timeoutSeconds":1.5,"fixed":true} }""".Replace(" ", "",
            StringComparison.Ordinal), set.Text);
        Assert.Equal(hash, (await ShownAsync(queue)).GetProperty("module").GetString());
        await server.SubmitAsync(queue);
        Assert.Equal("""{"timeoutSeconds":1.5,"fixed":true}""",
            (await ShownAsync(queue)).GetProperty("run").GetRawText());
        Assert.Equal(204, (await server.DeleteAsync($"queues/{queue}/module")).Status);
        Assert.False((await ShownAsync(queue)).TryGetProperty("module", out _));

        var task = await server.ClaimTaskAsync(queue, ",\"capabilities\":[\"wasi\"]");
        Assert.Equal(hash, task.GetProperty("module").GetString());
        Assert.Equal("""{"timeoutSeconds":1.5,"fixed":true}""", task.GetProperty("run").GetRawText());
        (await server.PutAsync($"queues/{queue}/module", $$"""{"module":"{{new string('0', 64)}}"}""")).Refused(422,
            "module_not_found");
        Assert.Contains("module is missing",
            (await server.PutAsync($"queues/{queue}/module", "{}")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"module\":\"abc\"", 400, "module must be")]
    [InlineData("\"module\":7", 400, "module")]
    [InlineData("\"module\":\"0000000000000000000000000000000000000000000000000000000000000000\"", 422, "push it")]
    [InlineData("\"run\":{}", 400, "run needs a module")]
    [InlineData("\"run\":[]", 400, "run")]
    [InlineData("\"run\":{\"colour\":1}", 400, "colour")]
    [InlineData("\"run\":{\"args\":[1]}", 400, "args")]
    [InlineData("\"run\":{\"args\":[\"a\\u0000b\"]}", 400, "NUL")]
    [InlineData("\"run\":{\"args\":[\"\\ud800\"]}", 400, "lone surrogates")]
    [InlineData("\"run\":{\"env\":[\"a\"]}", 400, "env")]
    [InlineData("\"run\":{\"env\":{\"a\":1}}", 400, "env")]
    [InlineData("\"run\":{\"env\":{\"a\":\"1\",\"a\":\"2\"}}", 400, "twice")]
    [InlineData("\"run\":{\"env\":{\"a=b\":\"1\"}}", 400, "equals sign")]
    [InlineData("\"run\":{\"env\":{\"\":\"1\"}}", 400, "empty")]
    [InlineData("\"run\":{\"timeoutSeconds\":0.5}", 400, "timeoutSeconds")]
    [InlineData("\"run\":{\"timeoutSeconds\":86401}", 400, "timeoutSeconds")]
    [InlineData("\"run\":{\"memoryMb\":0}", 400, "memoryMb")]
    [InlineData("\"run\":{\"memoryMb\":4097}", 400, "memoryMb")]
    [InlineData("\"run\":{\"fixed\":\"yes\"}", 400, "fixed")]
    [InlineData("\"requires\":[\"wasi\"]", 400, "a task gets them from its module")]
    [InlineData("\"requires\":[\"javascript>=2\"]", 400, "a task gets them from its module")]
    public async Task Submit_BadInput_IsRefusedByName_AndStoresNothing(string member, int status, string detail)
    {
        var queue = ApiServer.NewQueue();
        var answer = await server.PostAsync("tasks", $$"""{"queue":"{{queue}}","payload":1,{{member}}}""");
        Assert.Contains(detail, answer.Refused(status, status == 422 ? "module_not_found" : "invalid_request"),
            StringComparison.Ordinal);
        Assert.Empty((await server.GetAsync($"tasks?queue={queue}")).Accepted().GetProperty("tasks").EnumerateArray());
    }

    [Fact]
    public async Task Run_TakesWhatItsBoundsAllow_AndNothingMore()
    {
        Assert.Equal(422, await StatusOfAsync(args: 64, argBytes: 100));
        Assert.Equal(400, await StatusOfAsync(args: 65, argBytes: 1));
        Assert.Equal(422, await StatusOfAsync(args: 4, argBytes: 4_096));
        Assert.Equal(400, await StatusOfAsync(args: 1, argBytes: 4_097));
        Assert.Equal(400, await StatusOfAsync(args: 5, argBytes: 4_096));
        Assert.Equal(400, await StatusOfAsync(args: 4, argBytes: 4_096, more: ""","env":{"a":"b"}"""));
    }

    [Fact]
    public async Task Batch_WithAModuleThatIsMissing_StoresTheOthers()
    {
        var queue = ApiServer.NewQueue();
        var hash = await PushedAsync(ModuleBytes.Wasm("batch"));
        var answer =
            (await server.PostAsync("tasks/batch",
                $$"""{"tasks":[{"queue":"{{queue}}","payload":1,"module":"{{hash}}"},{"queue":"{{queue}}","payload":2,"module":"{{new string('0', 64)}}"}]}""")).Accepted();
        var outcomes = answer.GetProperty("outcomes");
        Assert.Equal(201, outcomes[0].GetProperty("status").GetInt32());
        Assert.Equal((422, "module_not_found"),
            (outcomes[1].GetProperty("status").GetInt32(), outcomes[1].GetProperty("code").GetString()));
    }

    private async Task<int> StatusOfAsync(int args, int argBytes, string more = "")
    {
        var list = string.Join(',', Enumerable.Repeat($"\"{new string('x', argBytes)}\"", args));
        // A module that isn't there comes after all that is wrong with the request.
        return (await server.PostAsync("tasks",
            $$"""{"payload":1,"module":"{{new string('0', 64)}}","run":{"args":[{{list}}]{{more}}} }""")).Status;
    }

    private async Task<string> PushedAsync(byte[] module)
    {
        var answer = await server.PushAsync(module);
        Assert.True(answer.Status is 200 or 201, answer.Text);
        return ModuleBytes.Hash(module);
    }

    private async Task<HttpResponseMessage> FetchAsync(string hash, Action<HttpRequestMessage>? change = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, $"api/v1/modules/{hash}"));
        change?.Invoke(request);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Sorted(HttpResponseMessage answer)
    {
        var cache = CacheControlHeaderValue.Parse(answer.Headers.CacheControl!.ToString());
        return $"max-age={cache.MaxAge!.Value.TotalSeconds}, {(cache.Public ? "public" : "private")}, " +
            $"{cache.Extensions.Single().Name}";
    }

    private async Task<JsonElement> ShownAsync(string queue) =>
        (await server.GetAsync("queues")).Accepted().GetProperty("queues").EnumerateArray()
            .Single(each => each.GetProperty("name").GetString() == queue);

    private Task<ApiAnswer> ClaimAsync(string queue, string more) =>
        server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]{{more}}}""");
}
