using System.Threading.Channels;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>Where a run of <c>weft map</c> begins: with its own group, or with that of the run that was interrupted.</summary>
internal sealed class MapRun(RemoteApi api, MapJournal journal)
{
    // Lines whose results are waited for: each is a task on the coordinator's disk.
    private const int LinesInFlightMax = 100_000;
    private const int PageMax = 1_000;

    /// <summary>Makes sure that the journal's group is there, and that its dead tasks are tried again.</summary>
    /// <param name="fresh">Forget the run that was interrupted.</param>
    public async Task BeginAsync(bool fresh, CancellationToken stop)
    {
        if (await FindAsync(stop) is not { } group)
        {
            var request = new GroupRequest($"map-{Guid.NewGuid():N}");
            journal.Begin(await api.PostAsync("groups", request, WireJson.Default.GroupRequest, key: null, WireJson.Default.Group, stop));
        }
        else if (fresh)
        {
            await api.PostAsync($"groups/{group}/cancel", WireJson.Default.CancelOutcome, stop);
            journal.Forget();
            await BeginAsync(fresh: false, stop);
        }
        else
        {
            Console.Error.WriteLine("weft: Going on with the run that was interrupted.");
            await RetryDeadAsync(group, stop);
        }
    }

    /// <summary>Submits and prints until all is done, or one of the two fails.</summary>
    public static async Task WorkAsync(MapSubmitter submitter, MapPrinter printer, CancellationToken stop)
    {
        var ids = Channel.CreateBounded<long>(LinesInFlightMax);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var submitting = submitter.RunAsync(ids.Writer, end.Token);
        var printing = printer.RunAsync(ids.Reader, end.Token);
        var first = await Task.WhenAny(submitting, printing);
        if (!first.IsCompletedSuccessfully) await end.CancelAsync();
        await first;
        await Task.WhenAll(submitting, printing);
    }

    private async Task<long?> FindAsync(CancellationToken stop)
    {
        if (journal.Group is not (var id, var name)) return null;
        try
        {
            var group = await api.GetAsync($"groups/{id}", WireJson.Default.Group, stop);
            return group.Name == name ? id : null;
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.GroupNotFound)
        {
            // Another coordinator, or another database: nothing to go on with.
            return null;
        }
    }

    private async Task RetryDeadAsync(long group, CancellationToken stop)
    {
        string? after = null;
        do
        {
            var page = await api.GetAsync($"tasks?group={group}&state=dead&limit={PageMax}{(after is null ? "" : $"&after={after}")}", WireJson.Default.TaskList, stop);
            foreach (var task in page.Tasks) await api.PostAsync($"tasks/{task.Id}/retry", WireJson.Default.TaskInfo, stop);
            after = page.Next;
        }
        while (after is not null);
    }
}
