using System.Threading.Channels;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>A run of <c>weft map</c>, with a new group or the group of the interrupted run.</summary>
/// <param name="name">The run's name, as the user gave it; empty for none.</param>
internal sealed class MapRun(RemoteApi api, MapJournal journal, string name)
{
    private readonly RemoteApi _patient = api.Patiently();

    // Lines whose results are awaited: each is a task on the coordinator's disk.
    private const int LinesInFlightMax = 100_000;
    private const int PageMax = 1_000;
    private const int NameCharsMax = 64;

    /// <summary>True: somebody cancelled the unfinished tasks during the run.</summary>
    public bool WasCalledOff { get; private set; }

    /// <summary>Checks that the journal's group exists, and retries its dead tasks.</summary>
    /// <param name="fresh">Discard the interrupted run.</param>
    /// <returns>How many of its tasks are already cancelled.</returns>
    public async Task<long> BeginAsync(bool fresh, CancellationToken stop)
    {
        if (await FindAsync(stop) is not { } group)
        {
            var request = new GroupRequest(GroupName());
            var made = await api.PostAsync("groups", request, WireJson.Default.GroupRequest, key: null,
                WireJson.Default.Group, stop);
            journal.Begin(made.Id, request.Name!);
            return 0;
        }

        if (fresh)
        {
            await _patient.PostAsync($"groups/{group.Id}/cancel", WireJson.Default.CancelOutcome, stop);
            journal.Forget();
            return await BeginAsync(fresh: false, stop);
        }

        Console.Error.WriteLine("weft: Resuming the interrupted run.");
        await RetryDeadAsync(group.Id, stop);
        return group.Counts.Cancelled;
    }

    /// <summary>Submits and prints until everything is done, or one of the two fails.</summary>
    public async Task WorkAsync(MapSubmitter submitter, MapPrinter printer, MapResults results, CancellationToken stop)
    {
        var ids = Channel.CreateBounded<long>(LinesInFlightMax);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var calledOff = new CancellationTokenSource();
        var submitting = SubmitAsync(submitter, results, ids.Writer, calledOff.Token, end.Token);
        var printing = printer.RunAsync(ids.Reader, calledOff.Cancel, end.Token);
        var first = await Task.WhenAny(submitting, printing);
        if (!first.IsCompletedSuccessfully) await end.CancelAsync();
        await first;
        await Task.WhenAll(submitting, printing);
    }

    private async Task SubmitAsync(MapSubmitter submitter, MapResults results, ChannelWriter<long> ids,
        CancellationToken calledOff, CancellationToken stop)
    {
        await submitter.RunAsync(ids, calledOff, stop);
        WasCalledOff = calledOff.IsCancellationRequested;
        // The requests in flight at that time.
        if (WasCalledOff) await results.CancelAsync(stop);
        submitter.End(ids);
    }

    // The name is also the prefix of the idempotency keys, so the user's part has to be short, ASCII and without
    // spaces.
    private string GroupName()
    {
        var part = string.Concat(name.Take(NameCharsMax)
            .Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'));
        return $"map-{part}{(part.Length > 0 ? "-" : "")}{Guid.NewGuid():N}";
    }

    private async Task<Group?> FindAsync(CancellationToken stop)
    {
        if (journal.Group is not (var id, var name)) return null;
        try
        {
            var group = await api.GetAsync($"groups/{id}", WireJson.Default.Group, stop);
            return group.Name == name ? group : null;
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.GroupNotFound)
        {
            // Another coordinator, or another database: the run can't be continued.
            return null;
        }
    }

    private async Task RetryDeadAsync(long group, CancellationToken stop)
    {
        string? after = null;
        do
        {
            var page = await _patient.GetAsync(
                $"tasks?group={group}&state=dead&limit={PageMax}{(after is null ? "" : $"&after={after}")}",
                WireJson.Default.TaskList, stop);
            foreach (var task in page.Tasks) await RetryAsync(task.Id, stop);
            after = page.Next;
        }
        while (after is not null);
    }

    private async Task RetryAsync(long id, CancellationToken stop)
    {
        try
        {
            await _patient.PostAsync($"tasks/{id}/retry", WireJson.Default.TaskInfo, stop);
        }
        catch (RefusedFailure refused) when (refused.Code is ProblemCodes.TaskNotDead or ProblemCodes.TaskNotFound)
        {
            // The task was retried but the response lost, or retention deleted it first.
        }
    }
}
