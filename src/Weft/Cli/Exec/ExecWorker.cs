using System.Globalization;
using System.Net;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Exec;

/// <summary>A worker whose work is done by a program: claims, runs it, settles; so many at once.</summary>
internal sealed class ExecWorker(RemoteApi api, ExecProgram program, ExecOptions options)
{
    private const int ClaimWaitSeconds = 20;
    private static readonly TimeSpan ReleaseMax = TimeSpan.FromSeconds(5);

    private readonly RemotePatience _patience = new(TimeProvider.System, Console.Error.WriteLine);
    private readonly ClaimRequest _claim = new(
        options.WorkerId, options.Queues, Max: 1, Wait: ClaimWaitSeconds, options.LeaseTime.TotalSeconds, options.Capabilities);

    /// <summary>Works until it is stopped.</summary>
    /// <param name="drain">Claims no more, and ends when the programs have.</param>
    /// <param name="kill">Ends the programs too, and gives their tasks back.</param>
    public async Task RunAsync(CancellationToken drain, CancellationToken kill)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(drain);
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => WorkAsync(end, kill)));
    }

    private async Task WorkAsync(CancellationTokenSource end, CancellationToken kill)
    {
        try
        {
            while (true)
            {
                foreach (var task in await ClaimAsync(end.Token)) await RunAsync(task, kill);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Stopped is how a worker ends.
        }
        finally
        {
            // What one may not claim, the others may not either.
            await end.CancelAsync();
        }
    }

    private async Task RunAsync(ClaimedTask task, CancellationToken kill)
    {
        using var ended = new CancellationTokenSource();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(kill);
        var lease = new ExecLease(api, options, task, lost);
        var keeping = lease.KeepAsync(ended.Token);
        try
        {
            var outcome = await program.RunAsync(ExecResult.Feed(task.Payload), Variables(task), lost.Token);
            await SettleAsync(task, outcome, kill);
        }
        catch (OperationCanceledException) when (lease.LostBecause is { } reason)
        {
            Report(task, "dropped", reason);
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
            await ReleaseAsync(task);
        }
        finally
        {
            await ended.CancelAsync();
            await keeping;
        }
    }

    private Task SettleAsync(ClaimedTask task, ExecOutcome outcome, CancellationToken kill)
    {
        if (outcome.Error is { } error) return FailAsync(task, error, kill);
        if (ExecResult.Read(outcome.Output!, options.AsText) is not { } result) return FailAsync(task, "Its output is not UTF-8 text.", kill);
        return SettleAsync(task, "complete", new(task.LeaseToken, Result: result, WorkerId: options.WorkerId), "completed", error: null, kill);
    }

    private Task FailAsync(ClaimedTask task, string error, CancellationToken kill) =>
        SettleAsync(task, "fail", new(task.LeaseToken, Error: error, WorkerId: options.WorkerId), "failed", error, kill);

    private async Task SettleAsync(ClaimedTask task, string verb, SettleItem item, string state, string? error, CancellationToken kill)
    {
        try
        {
            await _patience.AskAsync(stop => TellAsync(task, verb, item, stop), kill);
            Report(task, state, error);
        }
        catch (RefusedFailure refused) when (verb == "complete" && refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
        {
            await FailAsync(task, $"Its result was refused: {refused.Message}", kill);
        }
        catch (RefusedFailure refused)
        {
            Report(task, "dropped", refused.Message);
        }
    }

    private async Task ReleaseAsync(ClaimedTask task)
    {
        using var brief = new CancellationTokenSource(ReleaseMax, TimeProvider.System);
        try
        {
            await TellAsync(task, "release", new(task.LeaseToken, WorkerId: options.WorkerId), brief.Token);
            Report(task, "released", error: null);
        }
        catch (Exception exception) when (exception is CommandFailure or OperationCanceledException)
        {
            Report(task, "dropped", "It could not be given back; it is handed out again when its lease runs out.");
        }
    }

    private async Task<IReadOnlyList<ClaimedTask>> ClaimAsync(CancellationToken stop) =>
        (await _patience.AskAsync(again => api.PostAsync("tasks/claim", _claim, WireJson.Default.ClaimRequest, key: null, WireJson.Default.ClaimOutcome, again), stop)).Tasks;

    private Task<ItemOutcome> TellAsync(ClaimedTask task, string verb, SettleItem item, CancellationToken stop) =>
        api.PostAsync($"tasks/{task.Id}/{verb}", item, WireJson.Default.SettleItem, key: null, WireJson.Default.ItemOutcome, stop);

    private void Report(ClaimedTask task, string state, string? error)
    {
        if (options.PrintsJson) JsonOutput.Print(new ExecLine(task.Id, task.Attempt, state, error), RemoteJson.Default.ExecLine);
        else if (error is not null) Console.Error.WriteLine($"weft: Task {task.Id} {state}: {OneLine.Of(error)}");
    }

    private static Dictionary<string, string> Variables(ClaimedTask task) => new()
    {
        ["WEFT_TASK_ID"] = task.Id.ToString(CultureInfo.InvariantCulture),
        ["WEFT_TASK_ATTEMPT"] = task.Attempt.ToString(CultureInfo.InvariantCulture),
        ["WEFT_TASK_QUEUE"] = task.Queue,
        ["WEFT_TASK_TYPE"] = task.Type ?? "",
    };
}
