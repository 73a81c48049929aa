using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Weft.Tests.Api;

public sealed class BlobTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const int Chunk = 256 << 10;

    [Fact]
    public async Task Push_InOneRequest_AnswersTheBlob_AndKnowsItAgain()
    {
        var (bytes, hash) = New(3 * Chunk);
        var first = await PutAsync(hash, bytes);
        var info = first.Accepted(201);
        Assert.Equal($"/api/v1/blobs/{hash}", first.Headers.Location?.ToString());
        Assert.Equal((hash, bytes.Length, false), (info.GetProperty("sha256").GetString(),
            info.GetProperty("size").GetInt32(), info.GetProperty("inUse").GetBoolean()));
        Assert.Equal(first.Text, (await PutAsync(hash, bytes)).Accepted(200).GetRawText());
        Assert.Contains(hash, (await server.GetAsync("blobs?limit=1000")).Text, StringComparison.Ordinal);
        Assert.Equal(bytes, await FetchAsync(hash));
    }

    [Fact]
    public async Task Push_InPieces_GoesOnWhereTheAnswersSay()
    {
        var (bytes, hash) = New((3 * Chunk) + 5);
        var size = $"&size={bytes.Length}";
        Assert.Equal("""{"offset":0}""", (await PutAsync(hash, [], $"?offset=0{size}")).Accepted(202).GetRawText());
        // A part of a chunk comes again.
        var piece = await PutAsync(hash, bytes[..(Chunk + 9)], $"?offset=0{size}");
        Assert.Equal(Chunk, piece.Accepted(202).GetProperty("offset").GetInt32());
        (await server.GetAsync($"blobs/{hash}")).Refused(404, "blob_not_found");

        var wrong = await PutAsync(hash, bytes[..9], $"?offset=9{size}");
        wrong.Refused(409, "wrong_offset");
        Assert.Equal(Chunk, JsonElement.Parse(wrong.Text).GetProperty("offset").GetInt32());
        (await PutAsync(hash, bytes[Chunk..], $"?offset={Chunk}{size}")).Accepted(201);
        Assert.Equal(bytes, await FetchAsync(hash));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Push_OfOtherBytes_IsRefused_AndDropsThem(bool inPieces)
    {
        var (bytes, hash) = New(2 * Chunk);
        bytes[^1] ^= 1;
        if (inPieces) (await PutAsync(hash, bytes[..Chunk], $"?offset=0&size={bytes.Length}")).Accepted(202);
        (await PutAsync(hash, inPieces ? bytes[Chunk..] : bytes, inPieces ? $"?offset={Chunk}" : "")).Refused(400,
            "hash_mismatch");
        Assert.Equal(0,
            (await PutAsync(hash, [], $"?size={bytes.Length}")).Accepted(202).GetProperty("offset").GetInt32());
        bytes[^1] ^= 1;
        (await PutAsync(hash, bytes)).Accepted(201);
    }

    [Fact]
    public async Task Push_OfMoreThanIsStoredAtOnce_ComesBack_AsAWholeAndInParts()
    {
        var (bytes, hash) = New((21 * Chunk) + 5);
        (await PutAsync(hash, bytes)).Accepted(201);
        Assert.Equal(bytes, await FetchAsync(hash));
        foreach (var (from, to) in ((int, int)[])[(0, 0), (Chunk - 1, Chunk), (3, (4 * Chunk) + 9),
            ((20 * Chunk) - 1, (21 * Chunk) + 4)])
        {
            Assert.Equal(bytes[from..(to + 1)], await FetchAsync(hash, from, to));
        }
    }

    [Fact]
    public async Task Push_OfNothing_IsABlob()
    {
        var (_, hash) = (0, Convert.ToHexStringLower(SHA256.HashData([])));
        Assert.True((await PutAsync(hash, [])).Status is 200 or 201);
        Assert.Empty(await FetchAsync(hash));
    }

    [Theory]
    [InlineData("?offset=x", 400, "invalid_request")]
    [InlineData("?offset=-1", 400, "invalid_request")]
    [InlineData("?size=9223372036854775807", 400, "invalid_request")]
    [InlineData("?size=1073741825", 413, "payload_too_large")]
    [InlineData("?size=2", 400, "invalid_request")]
    [InlineData("?offset=5&size=4", 400, "invalid_request")]
    public async Task Push_BadInput_IsRefused(string query, int status, string code)
    {
        var (bytes, hash) = New(3);
        (await PutAsync(hash, bytes, query)).Refused(status, code);
        (await PutAsync("zebra", bytes)).Refused(404, "blob_not_found");
    }

    [Fact]
    public async Task Get_SupportsRangesAndTags()
    {
        var (bytes, hash) = New((2 * Chunk) + 1);
        (await PutAsync(hash, bytes)).Accepted(201);
        using var http = new HttpClient();
        using var range =
            await AskAsync(http, hash, static request => request.Headers.Range = new(Chunk - 2, Chunk + 1));
        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Equal(bytes[(Chunk - 2)..(Chunk + 2)],
            await range.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using var known = await AskAsync(http, hash, request => request.Headers.IfNoneMatch.Add(new($"\"{hash}\"")));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var head = await AskAsync(http, hash, static request => request.Method = HttpMethod.Head);
        Assert.Equal((HttpStatusCode.OK, bytes.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal("attachment", head.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("application/octet-stream", head.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Delete_TakesTheBlob()
    {
        var (bytes, hash) = New(9);
        (await PutAsync(hash, bytes)).Accepted(201);
        Assert.Equal(204, (await server.DeleteAsync($"blobs/{hash}")).Status);
        (await server.DeleteAsync($"blobs/{hash}")).Refused(404, "blob_not_found");
        (await PutAsync(hash, bytes)).Accepted(201);
    }

    private static (byte[] Bytes, string Hash) New(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private Task<ApiAnswer> PutAsync(string hash, byte[] bytes, string query = "") =>
        server.SendAsync(HttpMethod.Put, $"blobs/{hash}{query}", bytes, type: "application/octet-stream");

    private async Task<byte[]> FetchAsync(string hash, int? from = null, int? to = null)
    {
        using var http = new HttpClient();
        using var answer = await AskAsync(http, hash, request =>
            request.Headers.Range = from is null ? null : new(from, to));
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient http, string hash, Action<HttpRequestMessage> change)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, $"api/v1/blobs/{hash}"));
        change(request);
        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
