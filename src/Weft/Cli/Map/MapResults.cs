using System.Runtime.CompilerServices;
using Weft.Cli.Remote;
using Weft.Client;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>Reads the current state of a run's group, and retries until the coordinator answers.</summary>
/// <param name="cancelledBefore">How many of its tasks were already cancelled when this command began.</param>
internal sealed class MapResults(RemoteApi api, long group, long cancelledBefore)
{
    private readonly RemoteApi _patient = api.Patiently();
    private string? _cursor;

    /// <summary>
    /// The available results, from the last one read, until all tasks submitted by then are delivered.
    /// </summary>
    public async IAsyncEnumerable<GroupResult> ReadAsync(bool asSubmitted,
        [EnumeratorCancellation] CancellationToken stop)
    {
        await using var results = _patient.Client.ReadGroupResultsAsync(group, _cursor, asSubmitted, stop)
            .GetAsyncEnumerator(stop);
        while (await _patient.AskAsync(() => MoveAsync(results)))
        {
            _cursor = results.Current.Cursor;
            yield return results.Current;
        }
    }

    /// <summary>
    /// Whether somebody has cancelled the whole run rather than some of its tasks: no task that was unfinished then is
    /// left.
    /// </summary>
    /// <param name="id">A cancelled task.</param>
    public async Task<bool> IsCalledOffAsync(long id, CancellationToken stop)
    {
        if ((await _patient.GetAsync($"groups/{group}", WireJson.Default.Group,
            stop)).Counts.Cancelled <= cancelledBefore)
        {
            return false;
        }
        var then = (await _patient.GetAsync($"tasks/{id}", WireJson.Default.TaskInfo, stop)).FinishedAt;
        foreach (var state in TaskStates.Unfinished)
        {
            var oldest = await _patient.GetAsync($"tasks?group={group}&state={state}&order=oldest&limit=1",
                WireJson.Default.TaskList, stop);
            if (oldest.Tasks is [var task] && task.SubmittedAt <= then) return false;
        }

        return true;
    }

    /// <summary>Results that were found wrong since.</summary>
    public async IAsyncEnumerable<Correction> ReadCorrectionsAsync([EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = "c0"; ;)
        {
            var page = await _patient.GetAsync(
                $"groups/{group}/corrections?after={after}", WireJson.Default.CorrectionList, stop);
            foreach (var correction in page.Corrections) yield return correction;
            if (page.Next is not { } next) yield break;
            after = next;
        }
    }

    /// <summary>Cancels tasks submitted since then.</summary>
    public Task CancelAsync(CancellationToken stop) =>
        _patient.PostAsync($"groups/{group}/cancel", WireJson.Default.CancelOutcome, stop);

    public static CommandFailure Deleted(long line) =>
        new($"Line {line}: The coordinator deleted the result before it was printed: its retention is shorter than " +
            $"this run. Start the coordinator with a longer --retention, and this run over with --fresh.");

    /// <returns>Also false if the group no longer exists: it is deleted with the last of its tasks.</returns>
    private static async Task<bool> MoveAsync(IAsyncEnumerator<GroupResult> results)
    {
        try
        {
            return await results.MoveNextAsync();
        }
        catch (WeftException gone) when (gone.Code == ProblemCodes.GroupNotFound)
        {
            return false;
        }
    }
}
