using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

public sealed partial class WeftClient
{
    private const int BatchTasksMax = 1_000;

    // The coordinator accepts 32 MiB; the last task of a request may have 1 MiB.
    private const int BatchBytesMax = 30 << 20;

    /// <summary>
    /// Submits many tasks, in as few requests as the limits of the coordinator and of a proxy in front of it allow. An
    /// invalid task doesn't affect the others. A retried request is one batch; if one fails permanently, the tasks of
    /// earlier requests are stored.
    /// </summary>
    /// <param name="idempotencyKey">1 to 115 characters: the same key and tasks return the same ids. Null: a new key
    /// for this call.</param>
    /// <returns>One outcome for each task, in order.</returns>
    public Task<IReadOnlyList<SubmitOutcome>> SubmitBatchAsync(IEnumerable<TaskRequest> tasks,
        string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SubmitBatchAsync(tasks, idempotencyKey ?? NewKey(), waitsForRoom: false, cancellationToken);

    /// <param name="waitsForRoom">Wait for as long as the token has too many unfinished tasks.</param>
    internal async Task<IReadOnlyList<SubmitOutcome>> SubmitBatchAsync(IEnumerable<TaskRequest> tasks, string key,
        bool waitsForRoom, CancellationToken cancellationToken)
    {
        var outcomes = new List<SubmitOutcome>();
        foreach (var part in Parts(tasks)) await SubmitAsync(part, key, waitsForRoom, outcomes, cancellationToken);
        return outcomes;
    }

    private async Task SubmitAsync(ArraySegment<byte[]> tasks, string key, bool waitsForRoom,
        List<SubmitOutcome> outcomes, CancellationToken cancellationToken)
    {
        using var span = ClientSpans.Send(queue: null, tasks.Count);
        // The key includes the part's offset, so that a part that was split is recognized only if it is split the same
        // way again.
        var request = WeftRequest.PostBatch(tasks) with
        {
            IdempotencyKey = $"{key}/{outcomes.Count}",
            GivesUpAt = tasks.Count > 1 ? static failure => failure.Code == ProblemCodes.TooManyUnfinished : null,
        };
        try
        {
            var answer = await Api.SendAsync(request, WireJson.Default.BatchOutcome, cancellationToken);
            outcomes.AddRange(answer.Outcomes.Count == tasks.Count
                ? answer.Outcomes
                : throw WeftException.Miscounted(Api.Url));
        }
        // Nothing was stored.
        catch (WeftException refused)
            when (tasks.Count > 1 && (refused.IsTooLarge || refused.Code == ProblemCodes.TooManyUnfinished))
        {
            var half = tasks.Count / 2;
            await SubmitAsync(tasks[..half], key, waitsForRoom, outcomes, cancellationToken);
            await SubmitAsync(tasks[half..], key, waitsForRoom, outcomes, cancellationToken);
        }
        catch (WeftException refused) when (refused.IsTooLarge)
        {
            outcomes.Add(new((int)refused.Status!, null, refused.Code ?? ProblemCodes.PayloadTooLarge,
                refused.Message));
        }
        catch (WeftException refused) when (waitsForRoom && refused.Code == ProblemCodes.TooManyUnfinished)
        {
            await SubmitAsync(tasks, key, waitsForRoom, outcomes, cancellationToken);
        }
    }

    private static IEnumerable<ArraySegment<byte[]>> Parts(IEnumerable<TaskRequest> tasks)
    {
        var part = new List<byte[]>();
        var bytes = 0L;
        foreach (var task in tasks)
        {
            part.Add(WireText.Bytes(task, WireJson.Default.TaskRequest));
            bytes += part[^1].Length + 1;
            if (part.Count < BatchTasksMax && bytes < BatchBytesMax) continue;
            yield return part.ToArray();
            part.Clear();
            bytes = 0;
        }

        if (part.Count > 0) yield return part.ToArray();
    }
}
