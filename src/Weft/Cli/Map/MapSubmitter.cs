using System.Text.Json;
using System.Threading.Channels;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>Submits the input's lines, batch by batch in their order, and notes the tasks' ids.</summary>
/// <param name="describe">Makes a task of a payload.</param>
/// <param name="asText">Lines are text even where they look like JSON.</param>
internal sealed class MapSubmitter(RemoteApi api, RemotePatience patience, MapJournal journal, MapInput input, Func<JsonElement, TaskRequest> describe, bool asText)
{
    /// <summary>Lines that were submitted so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Submits to the end of the input. What an interrupted run has submitted already isn't stored again.</summary>
    public async Task RunAsync(ChannelWriter<long> ids, CancellationToken stop)
    {
        foreach (var count in journal.Batches)
        {
            var lines = await input.ReadExactlyAsync(count, stop);
            if (lines.Count < count) throw Differs();
            await SubmitAsync(lines, ids, stop);
        }

        while (await input.ReadBatchAsync(stop) is { Count: > 0 } lines)
        {
            journal.Announce(lines.Count);
            await SubmitAsync(lines, ids, stop);
        }

        ids.Complete();
    }

    private async Task SubmitAsync(List<string> lines, ChannelWriter<long> ids, CancellationToken stop)
    {
        var batch = new BatchRequest([.. lines.Select((line, i) => describe(Payload(line, Lines + i + 1)))]);
        var key = $"{journal.Group!.Value.Name}/{Lines}";
        foreach (var outcome in (await SubmitAsync(batch, key, stop)).Outcomes)
        {
            Lines++;
            if (outcome.Id is not { } id) throw new CommandFailure($"Line {Lines}: {outcome.Detail}");
            await ids.WriteAsync(id, stop);
        }
    }

    private async Task<BatchOutcome> SubmitAsync(BatchRequest batch, string key, CancellationToken stop)
    {
        try
        {
            return await patience.AskAsync(
                again => api.PostAsync("tasks/batch", batch, WireJson.Default.BatchRequest, key, WireJson.Default.BatchOutcome, again), stop);
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.IdempotencyMismatch)
        {
            throw Differs();
        }
    }

    private JsonElement Payload(string line, long number)
    {
        try
        {
            return JsonText.ReadTyped(line, asText);
        }
        catch (UsageFailure failure)
        {
            throw new UsageFailure($"Line {number}: {failure.Message}");
        }
    }

    private static CommandFailure Differs() =>
        new("The input is not that of the run that was interrupted. --fresh forgets that run and starts over; --run NAME leaves it and starts another one.");
}
