using System.Text.Json;
using Weft.Tests.Api;

namespace Weft.Tests.Access;

/// <summary>An operation gets at what its token may change, and nobody else may see or stop it.</summary>
public sealed class OperationAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task ASubmitter_ChangesItsOwnTasksAlone_AnAdminAll()
    {
        var ((id, ada), (_, ben)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var queue = ApiServer.NewQueue();
        var (hers, his) = (await server.SubmitAsync(ada, queue), await server.SubmitAsync(ben, queue));
        var body = $$"""{"action":"cancel","ids":[{{hers}},{{his}}]}""";
        var done = await RunAsync(ada, body);
        Assert.Equal((1, id), (done.GetProperty("changed").GetInt32(), done.GetProperty("tokenId").GetInt64()));
        Assert.Equal("ready", (await server.GetAsync(ben, $"tasks/{his}")).Accepted().GetProperty("state").GetString());
        var filtered = await RunAsync(ada, $$$"""{"action":"cancel","filter":{"queue":"{{{queue}}}"}}""");
        Assert.Equal(0, filtered.GetProperty("changed").GetInt32());
        Assert.Equal(1, (await RunAsync(server.Admin, body)).GetProperty("changed").GetInt32());
    }

    [Fact]
    public async Task AnOperationOfSomebodyElse_IsAsIfItWereNotThere_AndAReaderOnlyReads()
    {
        var ((_, ada), (_, ben), (_, reader)) =
            (await server.TokenAsync("submit"), await server.TokenAsync("submit"), await server.TokenAsync("read"));
        var id = (await RunAsync(ada, """{"action":"cancel","filter":{}}""")).GetProperty("id").GetInt64();
        (await server.GetAsync(ben, $"operations/{id}")).Refused(404, "operation_not_found");
        (await server.PostAsync(ben, $"operations/{id}/cancel", "")).Refused(404, "operation_not_found");
        Assert.Empty((await server.GetAsync(ben, "operations")).Accepted().GetProperty("operations").EnumerateArray());
        Assert.Single((await server.GetAsync(ada, "operations")).Accepted().GetProperty("operations").EnumerateArray());
        (await server.GetAsync(reader, $"operations/{id}")).Accepted();
        (await server.PostAsync(reader, $"operations/{id}/cancel", "")).Refused(403, "forbidden");
        (await server.PostAsync(reader, "operations", """{"action":"cancel","filter":{}}""")).Refused(403, "forbidden");
        (await server.PostAsync(server.Worker, "operations", """{"action":"cancel","filter":{}}""")).Refused(403,
            "forbidden");
        (await server.PostAsync(server.Admin, $"operations/{id}/cancel", "")).Accepted();
    }

    private async Task<JsonElement> RunAsync(string token, string body)
    {
        var id = (await server.PostAsync(token, "operations", body)).Accepted(202).GetProperty("id").GetInt64();
        for (var polls = 0; polls < 600; polls++)
        {
            var operation = (await server.GetAsync(token, $"operations/{id}")).Accepted();
            if (operation.GetProperty("state").GetString() != "running") return operation;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Operation {id} does not end.");
    }
}
