using System.Text.Json;
using Weft.Testing;

namespace Weft.Tests.Api;

/// <summary>Packages of Python tasks: wheels that are pushed, and what a submit makes of their names.</summary>
public sealed class PackagesTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string WheelType = "application/x-wheel+zip";

    [Fact]
    public async Task Names_BecomeWheels_WithWhatTheyNeed_TheNewestThatAllAllow()
    {
        var (a, b) = (NewName(), NewName());
        await PushAsync($"{b}-1.9-py3-none-any.whl");
        var fits = await PushAsync($"{b}-1.10-py3-none-any.whl");
        await PushAsync($"{b}-2.0-py3-none-any.whl");
        await PushAsync($"{b}-1.11rc1-py3-none-any.whl");
        var needs = await PushAsync($"{a}-1.0-py3-none-any.whl", $"{b}<2", "unheard-of; sys_platform == 'win32'",
            "unheard-of; extra == 'more'");

        var task = await TaskAsync($"\"{a.ToUpperInvariant()}\"");
        Assert.Equal("""["files","python"]""", task.GetProperty("requires").GetRawText());
        Assert.Equal(
            new[] { ($".packages/{a}-1.0-py3-none-any.whl", needs), ($".packages/{b}-1.10-py3-none-any.whl", fits) }
                .Order(),
            FilesOf(task).Order());

        var old = await TaskAsync($"\"{b}==1.9\"");
        Assert.EndsWith("-1.9-py3-none-any.whl", Assert.Single(FilesOf(old)).Path, StringComparison.Ordinal);
        // By its hash, whatever is newer.
        Assert.Equal(fits, Assert.Single(FilesOf(await TaskAsync($"\"{fits}\""))).Blob);
        // Within a batch, where others go on.
        var module = await ModuleAsync();
        string[] items =
        [
            """{"payload":1}""",
            $$$"""{"payload":2,"module":"{{{module}}}","run":{"packages":["nobody-has-this"]}}""",
            $$$"""{"payload":3,"module":"{{{module}}}","run":{"packages":["{{{a}}}"]}}""",
        ];
        var batch = (await server.PostAsync("tasks/batch", $$"""{"tasks":[{{string.Join(',', items)}}]}""")).Accepted()
            .GetProperty("outcomes");
        Assert.Equal(
            [201, 422, 201], batch.EnumerateArray().Select(static each => each.GetProperty("status").GetInt32()));
        Assert.Equal("packages_unresolved", batch[1].GetProperty("code").GetString());
    }

    [Fact]
    public async Task AMissingPackage_IsNamed_WithWhoNeedsIt_AndWhatToDo()
    {
        var (a, b) = (NewName(), NewName());
        await PushAsync($"{a}-1.0-py3-none-any.whl", $"{b}>=2");
        await RefusedAsync($"\"{a}\"", $"The coordinator has no package {b}>=2, which {a} needs: add its wheel " +
            "with 'weft python add FILE.whl'.");
        await PushAsync($"{b}-1.0-py3-none-any.whl");
        await RefusedAsync($"\"{a}\"", $"The coordinator has no package {b}>=2, which {a} needs (but 1.0): add its " +
            "wheel with 'weft python add FILE.whl'.");
        await PushAsync($"{b}-3.0-py3-none-any.whl");
        await RefusedAsync($"\"{a}\",\"{b}<3\"", $"The coordinator has no package {b}<3,>=2 (but 1.0, 3.0): add its " +
            "wheel with 'weft python add FILE.whl'.");
        await RefusedAsync("\"a b\"",
            "Name a package as idna, idna==3.4, idna>=3,<4, or by its wheel's hash.");
        await RefusedAsync($"\"{new string('0', 64)}\"",
            $"There is no wheel {new string('0', 64)}: push it with 'weft python add FILE.whl'.");
    }

    [Fact]
    public async Task CompiledPackages_GoToBrowsersOnly()
    {
        var name = NewName();
        await PushAsync($"{name}-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl");
        Assert.Equal("""["files","pyodide","python"]""",
            (await TaskAsync($"\"{name}\"")).GetProperty("requires").GetRawText());
    }

    [Fact]
    public async Task Packages_BelongToPythonScripts_AndToTasks()
    {
        var name = NewName();
        await PushAsync($"{name}-1.0-py3-none-any.whl");
        var wasm = ModuleBytes.Wasm(name);
        (await server.PushAsync(wasm)).Accepted(201);
        var run = $$"""{"packages":["{{name}}"]}""";
        (await server.PostAsync("tasks", $$"""{"payload":1,"module":"{{ModuleBytes.Hash(wasm)}}","run":{{run}}}"""))
            .Refused(400, "invalid_request");
        (await server.PostAsync("tasks", $$"""{"payload":1,"run":{{run}}}""")).Refused(400, "invalid_request");
        (await server.PutAsync($"queues/{name}/module", $$"""{"module":"{{await ModuleAsync()}}","run":{{run}}}"""))
            .Refused(400, "invalid_request");
        (await server.PostAsync("tasks",
            $$$"""{"payload":1,"run":{"files":[{"path":".packages/x","blob":"{{{ModuleBytes.Hash(wasm)}}}"}]}}"""))
            .Refused(400, "invalid_request");
    }

    [Fact]
    public async Task AWheel_IsNoProgram_StaysWhileATaskHasIt_AndIsHandedOutUnderItsName()
    {
        var name = NewName();
        var wheel = await PushAsync($"{name}-1.0-py3-none-any.whl");
        (await server.PostAsync("tasks", $$"""{"payload":1,"module":"{{wheel}}"}""")).Refused(422, "module_not_found");
        await TaskAsync($"\"{name}\"");
        (await server.DeleteAsync($"modules/{wheel}")).Refused(409, "module_in_use");
        // Workers fetch it as any file.
        Assert.Equal(200, (await server.GetAsync($"blobs/{wheel}")).Status);
        var fetched = await server.GetAsync($"modules/{wheel}");
        Assert.Equal(WheelType, fetched.ContentHeaders.ContentType?.ToString());
        Assert.Equal($"{name}-1.0-py3-none-any.whl", fetched.ContentHeaders.ContentDisposition?.FileNameStar);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?name=tiny.whl")]
    [InlineData("?name=tiny-1.0-cp311-cp311-linux_x86_64.whl")]
    [InlineData("?name=other-1.0-py3-none-any.whl")]
    public async Task WhatIsNoSuchWheel_IsRefused_AndNothingIsStored(string query)
    {
        var bytes = TestWheel.Make("tiny-1.0-py3-none-any.whl", [], ("tiny.py", query));
        (await server.PushAsync(bytes, query, WheelType)).Refused(400, "invalid_module");
        (await server.GetAsync($"modules/{ModuleBytes.Hash(bytes)}")).Refused(404, "module_not_found");
    }

    private async Task RefusedAsync(string packages, string detail) =>
        Assert.Equal(detail, (await SubmitAsync(packages)).Refused(422, "packages_unresolved"));

    private async Task<JsonElement> TaskAsync(string packages) =>
        await server.TaskAsync((await SubmitAsync(packages)).Accepted(201).GetProperty("id").GetInt64());

    private async Task<ApiAnswer> SubmitAsync(string packages) => await server.PostAsync(
        "tasks", $$$"""{"payload":1,"module":"{{{await ModuleAsync()}}}","run":{"packages":[{{{packages}}}]}}""");

    private async Task<string> ModuleAsync()
    {
        var script = "def task(n): return n"u8.ToArray();
        Assert.True((await server.PushAsync(script, type: "text/x-python")).Status is 200 or 201);
        return ModuleBytes.Hash(script);
    }

    private async Task<string> PushAsync(string name, params string[] requires) =>
        (await server.PushAsync(TestWheel.Make(name, requires, ("x.py", "1")), $"?name={name}", WheelType))
            .Accepted(201).GetProperty("sha256").GetString()!;

    private static IEnumerable<(string Path, string Blob)> FilesOf(JsonElement task) =>
        task.GetProperty("run").GetProperty("files").EnumerateArray().Select(static file =>
            (file.GetProperty("path").GetString()!, file.GetProperty("blob").GetString()!));

    private static string NewName() => $"p{Guid.NewGuid():N}";
}
