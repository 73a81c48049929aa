using Weft.Cli.Remote;
using Weft.Client;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>
/// Sends lines as tasks, with an idempotency key each time, until the coordinator accepts or refuses them.
/// </summary>
internal sealed class MapSender(RemoteApi api)
{
    private readonly RemoteApi _patient = api.Patiently();

    /// <summary>Submits them in one request.</summary>
    /// <param name="key">The same for the same lines of the same run.</param>
    /// <returns>The outcome of each, in order.</returns>
    /// <exception cref="RefusedFailure">Nothing of it was stored.</exception>
    public async Task<IReadOnlyList<SubmitOutcome>> SendAsync(ArraySegment<MapTask> tasks, string key,
        CancellationToken stop)
    {
        if (tasks is [{ IsLarge: true } large]) return [await SendAsync(large, key, stop)];
        var request = WeftRequest.PostBatch([.. tasks.Select(static task => task.Json)]) with
        {
            IdempotencyKey = key,
            GivesUpAt = IsFull,
        };
        var batch = await _patient.SendAsync(request, WireJson.Default.BatchOutcome, stop);
        return batch.Outcomes.Count == tasks.Count
            ? batch.Outcomes
            : throw new CommandFailure($"The server at {api.Url} did not return an outcome for each line.");
    }

    // A smaller part may fit into the limits.
    private static bool IsFull(WeftException failure) => failure.Code == ProblemCodes.TooManyUnfinished;

    private async Task<SubmitOutcome> SendAsync(MapTask task, string key, CancellationToken stop)
    {
        var request = WeftRequest.Post("tasks", task.Json) with { IdempotencyKey = key, GivesUpAt = IsFull };
        return new(201, (await _patient.SendAsync(request, WireJson.Default.TaskCreated, stop)).Id, null, null);
    }
}
