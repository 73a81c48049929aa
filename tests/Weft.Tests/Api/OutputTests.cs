using System.Text.Json;

namespace Weft.Tests.Api;

/// <summary>Files that tasks write, and that come with their results.</summary>
public sealed class OutputTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Lease = "00000000000000aa";

    // Unlike all others: what is there is not taken anew.
    private readonly byte[] _bytes = Guid.NewGuid().ToByteArray()[..6];

    private string Hash => ModuleBytes.Hash(_bytes);

    [Fact]
    public async Task AnOutput_ComesWithTheResult_AndStaysWithIt()
    {
        var group = (await server.PostAsync("groups", "{}")).Accepted(201).GetProperty("id").GetInt64();
        var (id, lease) = await ClaimAsync($",\"group\":{group},\"run\":{{\"outMb\":1}}");
        var bytes = new byte[(1 << 20) - 5];
        var hash = ModuleBytes.Hash(bytes);
        // In two pieces, as any blob.
        (await server.PushOutputAsync(id, lease, hash, bytes[..(512 << 10)], $"?size={bytes.Length}")).Accepted(202);
        var rest = $"?offset={512 << 10}&size={bytes.Length}";
        (await server.PushOutputAsync(id, lease, hash, bytes[(512 << 10)..], rest)).Accepted(201);
        var outputs = $$"""[{"path":"a/é.bin","blob":"{{hash}}","size":{{bytes.Length}}}]""";
        (await CompleteAsync(id, lease, outputs)).Accepted();
        // The same again is no other complete.
        (await CompleteAsync(id, lease, outputs)).Accepted();

        Same(outputs, (await server.TaskAsync(id)).GetProperty("outputs"));
        var line = (await server.GetAsync($"groups/{group}/results")).Text.Split('\n')[0];
        Same(outputs, JsonElement.Parse(line).GetProperty("outputs"));
        (await server.DeleteAsync($"blobs/{hash}")).Refused(409, "blob_in_use");
        Assert.Equal(200, (await server.GetAsync($"blobs/{hash}")).Status);
    }

    [Fact]
    public async Task WhoDoesntHaveTheTask_PushesNothing()
    {
        var (id, lease) = await ClaimAsync(",\"run\":{\"outMb\":1}");
        (await server.PushOutputAsync(id, Lease, Hash, _bytes)).Refused(409, "stale_lease");
        (await server.PushOutputAsync(id, "", Hash, _bytes)).Refused(400, "invalid_request");
        (await server.PushOutputAsync(id, "zebra", Hash, _bytes)).Refused(400, "invalid_request");
        (await server.PushOutputAsync(id + 1_000_000, lease, Hash, _bytes)).Refused(404, "task_not_found");
        (await server.PushOutputAsync(id, lease, "zebra", _bytes)).Refused(400, "invalid_request");
        (await server.PostAsync($"tasks/{id}/release", $$"""{"leaseToken":"{{lease}}"}""")).Accepted();
        (await server.PushOutputAsync(id, lease, Hash, _bytes)).Refused(409, "stale_lease");
    }

    [Fact]
    public async Task ATask_HasAsManyBytesAsItAskedFor()
    {
        var (plain, lease) = await ClaimAsync("");
        (await server.PushOutputAsync(plain, lease, Hash, _bytes)).Refused(409, "too_many_blobs");
        var (id, own) = await ClaimAsync(",\"run\":{\"outMb\":1}");
        var (half, rest) = (Filled(1), Filled(2));
        (await server.PushOutputAsync(id, own, ModuleBytes.Hash(half), half)).Accepted(201);
        (await server.PushOutputAsync(id, own, ModuleBytes.Hash(rest), rest)).Refused(409, "too_many_blobs");
        (await server.PushOutputAsync(id, own, Hash, _bytes)).Accepted(201);
        // What is there already takes no room.
        (await server.PushOutputAsync(id, own, ModuleBytes.Hash(half), half)).Accepted(200);
    }

    [Theory]
    [InlineData("../a", "relative")]
    [InlineData("/a", "relative")]
    [InlineData("a//b", "relative")]
    [InlineData("a\\\\b", "backslashes")]
    [InlineData("a\\u0000b", "control characters")]
    public async Task APath_ThatIsNone_IsRefused(string path, string reason)
    {
        var (id, lease) = await ClaimAsync(",\"run\":{\"outMb\":1}");
        (await server.PushOutputAsync(id, lease, Hash, _bytes)).Accepted(201);
        var answer = await CompleteAsync(id, lease, $$"""[{"path":"{{path}}","blob":"{{Hash}}","size":6}]""");
        Assert.Contains(reason, answer.Refused(400, "invalid_request"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"path":"a","blob":"HASH"}]""", "An output must have a path, a blob and a size.")]
    [InlineData("""[{"path":"a","blob":"HASH","size":6},{"path":"A","blob":"HASH","size":6}]""", "same path")]
    [InlineData("""[{"path":"a","blob":"HASH","size":6},{"path":"a/b","blob":"HASH","size":6}]""", "another's folder")]
    [InlineData("""[{"path":"a","blob":"HASH","size":-1}]""", "size")]
    public async Task Outputs_ThatAreNone_AreRefused(string outputs, string reason)
    {
        var (id, lease) = await ClaimAsync(",\"run\":{\"outMb\":1}");
        (await server.PushOutputAsync(id, lease, Hash, _bytes)).Accepted(201);
        var answer = await CompleteAsync(id, lease, outputs.Replace("HASH", Hash, StringComparison.Ordinal));
        Assert.Contains(reason, answer.Refused(400, "invalid_request"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACompleteThatNamesWhatIsNotThere_LeavesTheTaskWithItsWorker()
    {
        var (id, lease) = await ClaimAsync(",\"run\":{\"outMb\":1}");
        var none = new string('0', 64);
        var named = $$"""[{"path":"a","blob":"{{none}}","size":6}]""";
        (await CompleteAsync(id, lease, named)).Refused(422, "blob_not_found");
        (await server.PushOutputAsync(id, lease, Hash, _bytes)).Accepted(201);
        named = $$"""[{"path":"a","blob":"{{Hash}}","size":7}]""";
        (await CompleteAsync(id, lease, named)).Refused(422, "blob_not_found");
        Assert.Equal("leased", await server.StateAsync(id));
        (await CompleteAsync(id, lease, "[]")).Accepted();
        Assert.False((await server.TaskAsync(id)).TryGetProperty("outputs", out _));
    }

    [Fact]
    public async Task MoreOutputsThanATaskMayHave_AreRefused()
    {
        var (id, lease) = await ClaimAsync(",\"run\":{\"outMb\":1}");
        var named = Enumerable.Range(0, 65).Select(i => $$"""{"path":"{{i}}","blob":"{{Hash}}","size":6}""");
        var answer = await CompleteAsync(id, lease, $"[{string.Join(',', named)}]");
        Assert.Contains("at most 64", answer.Refused(400, "invalid_request"), StringComparison.Ordinal);
    }

    private byte[] Filled(byte with)
    {
        var bytes = new byte[600 << 10];
        bytes.AsSpan().Fill(with);
        _bytes.CopyTo(bytes, 0);
        return bytes;
    }

    private static void Same(string json, JsonElement outputs) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), outputs), outputs.GetRawText());

    private async Task<(long Id, string Lease)> ClaimAsync(string more)
    {
        var queue = ApiServer.NewQueue();
        await server.SubmitAsync(queue, more: more);
        return await server.ClaimOneAsync(queue, ",\"capabilities\":[\"files\"]");
    }

    private Task<ApiAnswer> CompleteAsync(long id, string lease, string outputs) => server.PostAsync(
        $"tasks/{id}/complete", $$"""{"leaseToken":"{{lease}}","result":1,"outputs":{{outputs}}}""");
}
