using System.Text;
using System.Text.Json;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>
/// A worker on one connection: settles what it holds and claims the next hundred, in one round trip; each answer
/// checked.
/// </summary>
internal sealed class BatchWorker(
    HttpConnection connection, int worker, ClaimLedger ledger, LoadTally tally, string? key = null)
{
    private readonly byte[] claim =
        Encoding.UTF8.GetBytes(
            $$$"""],"claim":{"workerId":"w{{{worker}}}",{{{Proof(key)}}}"max":{{{BatchMain.BatchSize}}},"wait":0.5}}""");
    private readonly HttpRequestBuffer request = new();
    private int held;

    /// <summary>Works until <paramref name="isOver"/> and nothing is held any more.</summary>
    public async Task RunAsync(Func<bool> isOver)
    {
        Begin();
        while (held > 0 || !isOver())
        {
            request.Add(claim);
            var answer = await tally.TimeAsync(connection, request.Post("/api/v1/tasks/settle"));
            if (answer.Status == 200 && TakeOver(answer.Body.Span)) continue;
            tally.AddBad("POST /tasks/settle (wrong, or handed out before)", answer);
            return;
        }
    }

    private static string Proof(string? key) => key is null ? "" : $"\"workerKey\":\"{key}\",";

    private void Begin()
    {
        request.Clear();
        request.Add("{\"items\":["u8);
        held = 0;
    }

    /// <summary>
    /// Checks what became of the tasks that were held, and begins the next request with the results of those that came.
    /// </summary>
    private bool TakeOver(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            if (!SkipTo(ref json, "outcomes"u8) || !AllAccepted(ref json, held)) return false;
            Begin();
            return SkipTo(ref json, "tasks"u8) && Work(ref json);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>To the start of the array that is the member's value.</summary>
    private static bool SkipTo(ref Utf8JsonReader json, ReadOnlySpan<byte> member)
    {
        while (json.Read())
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(member))
                return json.Read() && json.TokenType == JsonTokenType.StartArray;
        return false;
    }

    private static bool AllAccepted(ref Utf8JsonReader json, int expected)
    {
        var accepted = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("status"u8)) continue;
            if (!json.Read() || json.GetInt32() != 200) return false;
            accepted++;
        }
        return accepted == expected;
    }

    private bool Work(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            long id = 0, payload = -1;
            ReadOnlySpan<byte> token = default;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("id"u8)) id = json.Read() ? json.GetInt64() : 0;
                else if (json.ValueTextEquals("leaseToken"u8)) token = json.Read() ? json.ValueSpan : default;
                else if (json.ValueTextEquals("payload"u8)) payload = json.Read() ? json.GetInt64() : -1;
                else json.Skip();
            }

            if (payload < 0 || token.IsEmpty || !ledger.TryAdd(id)) return false;
            request.Add(held++ == 0 ? "{\"action\":\"complete\",\"id\":"u8 : ",{\"action\":\"complete\",\"id\":"u8)
                .Add(id)
                .Add(",\"leaseToken\":\""u8).Add(token).Add("\",\"result\":"u8).Add(BatchMain.ResultOf(payload))
                .Add("}"u8);
        }
        return true;
    }
}
