using System.Security.Cryptography;
using Weft.Serve;

namespace Weft.Tests.Access;

/// <summary>Who may push, read, list and delete blobs where tokens are required.</summary>
public sealed class BlobAccessTests(BlobAccessTests.Server server) : IClassFixture<BlobAccessTests.Server>
{
    public sealed class Server : AccessServer
    {
        protected override ServeOptions Options => new()
        {
            Access = AccessMode.Tokens,
            Bounds = { BlobBytes = 600, BlobBytesPerToken = 1_000 },
        };
    }

    [Fact]
    public async Task ASubmitter_SeesItsOwnBlobsAlone_AndAWorkerGetsAnyByItsHash()
    {
        var ((_, one), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var ((_, worker), (_, reader)) = (await server.TokenAsync("work"), await server.TokenAsync("read"));
        var hash = await PushAsync(one, 100);
        Assert.Equal(200, (await server.GetAsync(one, $"blobs/{hash}")).Status);
        (await server.GetAsync(other, $"blobs/{hash}")).Refused(404, "blob_not_found");
        Assert.Equal(200, (await server.GetAsync(worker, $"blobs/{hash}")).Status);
        Assert.Equal(200, (await server.GetAsync(reader, $"blobs/{hash}")).Status);
        Assert.DoesNotContain(hash, (await server.GetAsync(other, "blobs")).Text, StringComparison.Ordinal);
        Assert.Contains(hash, (await server.GetAsync(one, "blobs")).Text, StringComparison.Ordinal);
        (await server.GetAsync(worker, "blobs")).Refused(403, "forbidden");
        (await server.PutAsync(worker, $"blobs/{hash}", new byte[1])).Refused(403, "forbidden");
        (await server.SendAsync(other, "DELETE", $"blobs/{hash}")).Refused(404, "blob_not_found");
        (await server.SendAsync(reader, "DELETE", $"blobs/{hash}")).Refused(403, "forbidden");
        Assert.Equal(204, (await server.SendAsync(one, "DELETE", $"blobs/{hash}")).Status);
    }

    [Fact]
    public async Task KnowingAHash_IsNotHavingItsBytes()
    {
        var ((_, one), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var bytes = RandomNumberGenerator.GetBytes(100);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        (await server.PutAsync(one, $"blobs/{hash}", bytes)).Accepted(201);
        (await server.PutAsync(other, $"blobs/{hash}", new byte[100])).Refused(400, "hash_mismatch");
        (await server.GetAsync(other, $"blobs/{hash}")).Refused(404, "blob_not_found");
        (await server.PutAsync(other, $"blobs/{hash}", bytes)).Accepted(201);
        Assert.Equal(200, (await server.GetAsync(other, $"blobs/{hash}")).Status);
    }

    [Fact]
    public async Task ATokensShare_AndTheLargestBlob_AreBounded()
    {
        var ((_, one), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        (await server.PutAsync(one, $"blobs/{new string('0', 64)}", new byte[601])).Refused(413, "payload_too_large");
        await PushAsync(one, 600);
        (await server.PutAsync(one, $"blobs/{new string('0', 64)}", new byte[401])).Refused(409, "too_many_blobs");
        await PushAsync(other, 600);
        await PushAsync(one, 400);
    }

    [Fact]
    public async Task AnOutput_IsTheSubmitters_AndComesFromWhoHasTheTaskAlone()
    {
        var ((_, one), (_, other)) = (await server.TokenAsync("submit"), await server.TokenAsync("submit"));
        var ((_, worker), (_, elsewhere)) = (await server.TokenAsync("work"), await server.TokenAsync("work", "other"));
        var queue = $"q-{Guid.NewGuid():N}";
        var id = await server.SubmitAsync(one, queue, ",\"run\":{\"outMb\":1}");
        var (_, lease) = await server.ClaimOneAsync(worker, queue, ",\"capabilities\":[\"files\"]");
        var bytes = RandomNumberGenerator.GetBytes(100);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = $"tasks/{id}/outputs/{hash}";
        (await server.PutAsync(one, path, bytes, lease)).Refused(403, "forbidden");
        (await server.PutAsync(elsewhere, path, bytes, lease)).Refused(404, "task_not_found");
        (await server.PutAsync(worker, path, bytes, "00000000000000aa")).Refused(409, "stale_lease");
        (await server.PutAsync(worker, path, bytes, lease)).Accepted(201);

        // Another submitter's file is none that a task can have written, before that one's bytes were pushed for it.
        var foreign = await PushAsync(other, 50);
        string Complete(string blob, int size) =>
            $$"""{"leaseToken":"{{lease}}","result":1,"outputs":[{"path":"a","blob":"{{blob}}","size":{{size}}}]}""";
        (await server.PostAsync(worker, $"tasks/{id}/complete", Complete(foreign, 50))).Refused(422, "blob_not_found");
        (await server.PostAsync(worker, $"tasks/{id}/complete", Complete(hash, 100))).Accepted();
        Assert.Equal(200, (await server.GetAsync(one, $"blobs/{hash}")).Status);
        (await server.GetAsync(other, $"blobs/{hash}")).Refused(404, "blob_not_found");
        (await server.SendAsync(one, "DELETE", $"blobs/{hash}")).Refused(409, "blob_in_use");
        (await server.PutAsync(worker, path, bytes, lease)).Refused(409, "task_finished");
    }

    private async Task<string> PushAsync(string token, int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        (await server.PutAsync(token, $"blobs/{hash}", bytes)).Accepted(201);
        return hash;
    }
}
