using Spectre.Console;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>A progress bar on stderr, where somebody looks at it and the results go elsewhere; else nothing but what is said.</summary>
internal sealed class MapProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Interactive, though stdin is no terminal: that is where the lines come from.
    private readonly IAnsiConsole? _terminal = Console.IsErrorRedirected || !Console.IsOutputRedirected
        ? null
        : AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error), Interactive = InteractionSupport.Yes });

    /// <summary>Writes a line on stderr, above the bar.</summary>
    public void Say(string line)
    {
        if (_terminal is null) Console.Error.WriteLine(line);
        else _terminal.WriteLine(line);
    }

    public async Task ShowAsync(RemoteApi api, long group, MapSubmitter submitter, Func<CancellationToken, Task> work, CancellationToken stop)
    {
        if (_terminal is null)
        {
            await work(stop);
            return;
        }

        await _terminal.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var bar = context.AddTask("Submitting");
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var showing = FollowAsync(api, group, submitter, bar, end.Token);
            try
            {
                await work(stop);
                Show(bar, submitter.Lines, submitter.Lines);
            }
            finally
            {
                await end.CancelAsync();
                await showing;
            }
        });
    }

    private static async Task FollowAsync(RemoteApi api, long group, MapSubmitter submitter, ProgressTask bar, CancellationToken end)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(end)) await ShowOnceAsync(api, group, submitter, bar, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end of the work is the end of this.
        }
    }

    private static async Task ShowOnceAsync(RemoteApi api, long group, MapSubmitter submitter, ProgressTask bar, CancellationToken end)
    {
        try
        {
            var counts = (await api.GetAsync($"groups/{group}", WireJson.Default.Group, end)).Counts;
            Show(bar, counts.Completed + counts.Dead + counts.Cancelled, submitter.Lines);
        }
        catch (CommandFailure)
        {
            // The bar stands still; whoever waits for results tells what is wrong.
        }
    }

    private static void Show(ProgressTask bar, long finished, long submitted)
    {
        bar.Description = $"{finished} of {submitted}";
        bar.MaxValue = Math.Max(1, submitted);
        bar.Value = Math.Min(finished, submitted);
    }
}
