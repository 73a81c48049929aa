namespace Weft.Tests.Api;

/// <summary>
/// Old clients know nothing of modules: their queue is given one. It is everybody's, so this has a coordinator of its
/// own.
/// </summary>
public sealed class OldClientModuleTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Task_OfAnOldClient_RunsTheModuleOfItsQueue()
    {
        var module = ModuleBytes.Wasm("old");
        (await server.PushAsync(module)).Accepted(201);
        (await server.PutAsync("queues/default/module", $$"""{"module":"{{ModuleBytes.Hash(module)}}"}""")).Accepted();
        (await server.PostAsync("/task", """{"A":"[[1]]"}""")).Accepted();
        Assert.Equal(204, (await server.GetAsync("/task/next?workerId=old")).Status);
        var task = await server.ClaimTaskAsync("default", ",\"capabilities\":[\"wasi\"],\"modulesOnly\":true");
        Assert.Equal("""{"A":"[[1]]"}""", task.GetProperty("payload").GetRawText());
    }
}
