using System.Text;
using System.Text.Json;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>
/// A main program on one connection: a group of tasks submitted in batches, and their results read as one stream, in
/// order; each checked.
/// </summary>
internal sealed class BatchMain(HttpConnection connection, LoadTally tally)
{
    public const int BatchSize = 100;
    private const int Batches = 20;
    private const int JobSize = Batches * BatchSize;

    private static readonly byte[] NewGroup = HttpRequest.Post("/api/v1/groups", "{}");
    private readonly HttpRequestBuffer request = new();
    private readonly long[] ids = new long[JobSize];
    private int read;
    private string cursor = "";
    private bool done;

    /// <summary>What a worker has to answer to the payload.</summary>
    public static long ResultOf(long payload) => payload * 2 + 1;

    /// <summary>
    /// One job from its group to its last result. What is wrong ends it: what would follow could not be checked.
    /// </summary>
    public async ValueTask RunJobAsync()
    {
        if (await CreateGroupAsync() is not { } group) return;
        for (var batch = 0; batch < Batches; batch++)
            if (!await SubmitAsync(group, batch * BatchSize)) return;

        (read, cursor, done) = (0, "", false);
        while (!done)
            if (!await ReadResultsAsync(group)) return;
        if (read != JobSize) tally.AddBad($"GET /groups/{{id}}/results ended after {read} of {JobSize} results");
    }

    private async ValueTask<long?> CreateGroupAsync()
    {
        var answer = await tally.TimeAsync(connection, NewGroup);
        if (answer.Status == 201 && JsonLine.Parse(answer.Body.Span).Id is > 0 and var id) return id;
        tally.AddBad("POST /groups", answer);
        return null;
    }

    private async ValueTask<bool> SubmitAsync(long group, int first)
    {
        request.Clear();
        request.Add("{\"tasks\":["u8);
        for (var n = first; n < first + BatchSize; n++)
            request.Add(n == first ? "{\"payload\":"u8 : ",{\"payload\":"u8).Add(n).Add(",\"group\":"u8).Add(group)
                .Add("}"u8);
        request.Add("]}"u8);

        var answer = await tally.TimeAsync(connection, request.Post("/api/v1/tasks/batch"));
        if (answer.Status == 200 && ReadIds(answer.Body.Span, ids.AsSpan(first, BatchSize))) return true;
        tally.AddBad("POST /tasks/batch", answer);
        return false;
    }

    private static bool ReadIds(ReadOnlySpan<byte> body, Span<long> ids)
    {
        var json = new Utf8JsonReader(body);
        var count = 0;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            if (json.ValueTextEquals("status"u8))
            {
                if (!json.Read() || json.GetInt32() != 201) return false;
            }
            else if (json.ValueTextEquals("id"u8))
            {
                if (!json.Read() || count == ids.Length) return false;
                ids[count++] = json.GetInt64();
            }
        }
        return count == ids.Length;
    }

    /// <summary>One answer of the stream; it ends by itself where nothing more came for a while.</summary>
    private async ValueTask<bool> ReadResultsAsync(long group)
    {
        var after = cursor.Length > 0 ? $"&after={cursor}" : "";
        var answer = await tally.TimeAsync(connection,
            HttpRequest.Get($"/api/v1/groups/{group}/results?order=submitted&wait=20{after}"));
        if (answer.Status == 200 && ReadLines(answer.Body.Span)) return true;
        tally.AddBad($"GET /groups/{{id}}/results (at result {read})", answer);
        return false;
    }

    private bool ReadLines(ReadOnlySpan<byte> body)
    {
        var ended = false;
        while (!body.IsEmpty)
        {
            var length = body.IndexOf((byte)'\n');
            if (length < 0 || ended) return false;
            var line = JsonLine.Parse(body[..length]);
            body = body[(length + 1)..];
            if (line.Cursor.IsEmpty) return false;
            if (line.Id == 0)
            {
                ended = true;
                cursor = Encoding.UTF8.GetString(line.Cursor);
                done = line.Done;
                continue;
            }

            if (read == JobSize || line.Id != ids[read] || line.Result != ResultOf(read)) return false;
            read++;
            tally.Cycles++;
        }
        return ended;
    }
}
