using System.Buffers;
using System.Text.Json;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

public sealed partial class WeftClient
{
    private const int BatchTasksMax = 1_000;

    // The coordinator takes 32 MiB; the last task of a request may have 1 MiB.
    private const int BatchBytesMax = 30 << 20;

    /// <summary>
    /// Submits many tasks, in as few requests as the coordinator's limits allow. A bad one doesn't spoil the others.
    /// A retried request is one batch; when it fails for good, those before it are stored.
    /// </summary>
    /// <param name="idempotencyKey">1 to 120 characters: the same key and tasks again answer the same ids. Null: a new one for this call.</param>
    /// <returns>One outcome for each task, in order.</returns>
    public async Task<IReadOnlyList<SubmitOutcome>> SubmitBatchAsync(IEnumerable<TaskRequest> tasks, string? idempotencyKey = null, CancellationToken stop = default)
    {
        var key = idempotencyKey ?? NewKey();
        var outcomes = new List<SubmitOutcome>();
        var part = 0;
        foreach (var body in Bodies(tasks))
        {
            var request = WeftRequest.Post("tasks/batch", body) with { IdempotencyKey = $"{key}/{part++}" };
            outcomes.AddRange((await _transport.SendAsync(request, WireJson.Default.BatchOutcome, stop)).Outcomes);
        }

        return outcomes;
    }

    private static IEnumerable<byte[]> Bodies(IEnumerable<TaskRequest> tasks)
    {
        using var rest = tasks.GetEnumerator();
        for (var more = rest.MoveNext(); more;)
        {
            var body = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                json.WriteStartArray("tasks");
                for (var count = 0; more && count < BatchTasksMax && json.BytesCommitted + json.BytesPending < BatchBytesMax; count++)
                {
                    JsonSerializer.Serialize(json, rest.Current, WireJson.Default.TaskRequest);
                    more = rest.MoveNext();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            yield return body.WrittenSpan.ToArray();
        }
    }
}
