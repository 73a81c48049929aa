using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>Files that tasks name in their run.</summary>
public sealed class RunFilesTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Files_ComeWithTheClaim_ToWhoCanFetchThem_ByTheirPaths()
    {
        var queue = ApiServer.NewQueue();
        var (one, two) = (await PushAsync("one"), await PushAsync("two"));
        var files =
            $$"""[{"path":"data/é.txt","blob":"{{two}}"},{"blob":"{{one}}","path":"a.txt"},{"path":"b","blob":"{{one}}"}]""";
        var id = await server.SubmitAsync(queue, more: $",\"run\":{{\"files\":{files}}}");
        var task = await server.TaskAsync(id);
        Assert.Equal("""["files"]""", task.GetProperty("requires").GetRawText());
        Assert.False(task.TryGetProperty("module", out _));

        Assert.Empty(await ClaimAsync(queue, ""));
        // A worker that runs modules only could do nothing with it.
        Assert.Empty(await ClaimAsync(queue, ",\"modulesOnly\":true,\"capabilities\":[\"files\",\"wasi\"]"));
        var claimed = Assert.Single(await ClaimAsync(queue, ",\"capabilities\":[\"files\"]"));
        var paths = claimed.GetProperty("run").GetProperty("files").EnumerateArray()
            .Select(static file => (file.GetProperty("path").GetString(), file.GetProperty("blob").GetString()));
        Assert.Equal([("a.txt", one), ("b", one), ("data/é.txt", two)], paths);
        Assert.Equal(claimed.GetProperty("run").GetRawText(), task.GetProperty("run").GetRawText());
    }

    [Fact]
    public async Task Files_OfATaskWithAModule_StandBesideTheRestOfItsRun()
    {
        var queue = ApiServer.NewQueue();
        var module = (await server.PushAsync(ModuleBytes.Wasm("files"))).Status is 200 or 201
            ? ModuleBytes.Hash(ModuleBytes.Wasm("files")) : "";
        var blob = await PushAsync("one");
        var run = $$"""{"fixed":true,"files":[{"path":"a","blob":"{{blob}}"}],"memoryMb":9}""";
        await server.SubmitAsync(queue, more: $",\"module\":\"{module}\",\"run\":{run}");
        Assert.Empty(await ClaimAsync(queue, ",\"capabilities\":[\"wasi\"]"));
        var claimed =
            Assert.Single(await ClaimAsync(queue, ",\"modulesOnly\":true,\"capabilities\":[\"files\",\"wasi\"]"));
        Assert.Equal(module, claimed.GetProperty("module").GetString());
        Assert.Equal($$"""{"files":[{"path":"a","blob":"{{blob}}"}],"memoryMb":9,"fixed":true}""",
            claimed.GetProperty("run").GetRawText());
    }

    [Fact]
    public async Task AQueuesFiles_AreThoseOfTasksThatNameNoModule()
    {
        var queue = ApiServer.NewQueue();
        var (blob, module) = (await PushAsync(queue), ModuleBytes.Wasm(queue));
        (await server.PushAsync(module)).Accepted(201);
        var files = $$"""{"files":[{"path":"a","blob":"{{blob}}"}]}""";
        var set = await server.PutAsync($"queues/{queue}/module", $$"""{"run":{{files}} }""");
        Assert.Equal(files, set.Accepted().GetProperty("run").GetRawText());

        var plain = await server.SubmitAsync(queue);
        var own = await server.SubmitAsync(queue, more: $",\"module\":\"{ModuleBytes.Hash(module)}\"");

        Assert.Equal(files, (await server.TaskAsync(plain)).GetProperty("run").GetRawText());
        Assert.False((await server.TaskAsync(own)).TryGetProperty("run", out _));
        (await server.DeleteAsync($"blobs/{blob}")).Refused(409, "blob_in_use");
        Assert.Equal(204, (await server.DeleteAsync($"queues/{queue}/module")).Status);
        Assert.False((await server.TaskAsync(await server.SubmitAsync(queue))).TryGetProperty("run", out _));
    }

    [Theory]
    [InlineData("""{"run":{"fixed":true}}""", 400, "invalid_request", "module is missing")]
    [InlineData("""{"run":{"fixed":true,"outMb":1}}""", 400, "invalid_request", "module is missing")]
    [InlineData("""{"run":{"files":[]}}""", 400, "invalid_request", "module is missing")]
    [InlineData("""{"run":{"files":[{"path":"../a","blob":"B"}]}}""", 400, "invalid_request", "relative")]
    [InlineData("""{"run":{"files":[{"path":"a","blob":"B"}]}}""", 422, "blob_not_found", "never pushed")]
    public async Task AQueuesFiles_ThatCannotBe_AreRefused(string body, int status, string code, string reason)
    {
        var answer = await server.PutAsync($"queues/{ApiServer.NewQueue()}/module",
            body.Replace("B", new string('0', 64), StringComparison.Ordinal));
        Assert.Contains(reason, answer.Refused(status, code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlob_StaysWhileATaskNamesIt()
    {
        var queue = ApiServer.NewQueue();
        var blob = await PushAsync(queue);
        await server.SubmitAsync(queue, more: $$""","run":{"files":[{"path":"a","blob":"{{blob}}"}]}""");
        (await server.DeleteAsync($"blobs/{blob}")).Refused(409, "blob_in_use");
        Assert.Contains($"\"sha256\":\"{blob}\"", (await server.GetAsync("blobs?limit=1000")).Text,
            StringComparison.Ordinal);
        var shown = (await server.GetAsync("blobs?limit=1000")).Accepted().GetProperty("blobs").EnumerateArray()
            .Single(each => each.GetProperty("sha256").GetString() == blob);
        Assert.True(shown.GetProperty("inUse").GetBoolean());
    }

    [Theory]
    [InlineData("", "must have 1 to 255 bytes")]
    [InlineData("/etc/passwd", "relative")]
    [InlineData("../a", "relative")]
    [InlineData("a/../b", "relative")]
    [InlineData("a/./b", "relative")]
    [InlineData("a//b", "relative")]
    [InlineData("a/", "relative")]
    [InlineData("out/a", "below out")]
    [InlineData("out", "below out")]
    [InlineData("a\\\\b", "backslashes")]
    [InlineData("C:a", "colons")]
    [InlineData("a\\u0000b", "control characters")]
    [InlineData("a\\nb", "control characters")]
    public async Task APath_ThatIsNone_IsRefused(string path, string reason)
    {
        var answer = await SubmitAsync($$"""{"path":"{{path}}","blob":"{{new string('0', 64)}}"}""");
        Assert.Contains(reason, answer.Refused(400, "invalid_request"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesThatCannotBeTogether_OrAreNotThere_AreRefused()
    {
        var blob = await PushAsync("one");
        string File(string path, string? other = null) => $$"""{"path":"{{path}}","blob":"{{other ?? blob}}"}""";
        Assert.Contains("same path", (await SubmitAsync($"{File("a")},{File("a")}")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
        Assert.Contains("folder", (await SubmitAsync($"{File("a/b/c")},{File("a/b")}")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
        Assert.Contains("64",
            (await SubmitAsync(string.Join(',', Enumerable.Range(0, 65).Select(i => File($"f{i}"))))).Refused(400,
                "invalid_request"), StringComparison.Ordinal);
        Assert.Contains("path and a blob", (await SubmitAsync("""{"path":"a"}""")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
        Assert.Contains("SHA-256",
            (await SubmitAsync("""{"path":"a","blob":"zebra"}""")).Refused(400, "invalid_request"),
            StringComparison.Ordinal);
        (await SubmitAsync($"{File("a")},{File("b", new string('0', 64))}")).Refused(422, "blob_not_found");
        (await SubmitAsync(string.Join(',', Enumerable.Range(0, 64).Select(i => File($"f{i}"))))).Accepted(201);
        var asked = await server.PostAsync("tasks", """{"payload":1,"requires":["files"]}""");
        Assert.Contains("a task gets them", asked.Refused(400, "invalid_request"), StringComparison.Ordinal);
        (await server.PostAsync("tasks", $$$"""{"payload":1,"run":{"fixed":true,"files":[{{{File("a")}}}]}}"""))
            .Refused(400, "invalid_request");
    }

    private Task<ApiAnswer> SubmitAsync(string files) =>
        server.PostAsync("tasks",
            $$$"""{"queue":"{{{ApiServer.NewQueue()}}}","payload":1,"run":{"files":[{{{files}}}]}}""");

    private async Task<string> PushAsync(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var hash = ModuleBytes.Hash(bytes);
        var answer = await server.SendAsync(HttpMethod.Put, $"blobs/{hash}", bytes, type: "application/octet-stream");
        Assert.True(answer.Status is 200 or 201, answer.Text);
        return hash;
    }

    private async Task<JsonElement[]> ClaimAsync(string queue, string more) =>
        [.. (await server.PostAsync("tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]{{more}}}""")).Accepted()
            .GetProperty("tasks").EnumerateArray()];
}
