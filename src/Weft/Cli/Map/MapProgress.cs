using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>Shows a run's progress on a terminal: one line on stderr, below any other output.</summary>
/// <param name="line">Null: stderr is not a terminal.</param>
internal sealed class MapProgress(ProgressLine? line, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ProgressRate _rate = new(time);

    /// <summary>Writes a line on stderr, above the progress.</summary>
    public void Say(string text)
    {
        if (line is null) Console.Error.WriteLine(text);
        else line.Above(() => Console.Error.WriteLine(text));
    }

    /// <summary>Shows the progress until the work ends.</summary>
    /// <param name="count">The run's tasks by state; null if the coordinator doesn't answer.</param>
    public async Task ShowAsync(Func<CancellationToken, Task<StateCounts?>> count, MapSubmitter submitter,
        Func<CancellationToken, Task> work, CancellationToken stop)
    {
        if (line is null)
        {
            await work(stop);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var showing = FollowAsync(count, submitter, end.Token);
        try
        {
            await work(stop);
        }
        finally
        {
            await end.CancelAsync();
            await showing;
            line.Clear();
        }

        if (await count(stop) is { } counts) Console.Error.WriteLine(Describe(counts, submitter, ProgressLine.Columns));
    }

    private async Task FollowAsync(Func<CancellationToken, Task<StateCounts?>> count, MapSubmitter submitter,
        CancellationToken end)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                // Without an answer the line stays as it is; the code that waits for results reports the failure.
                if (await count(end) is { } counts) line!.Show(columns => Describe(counts, submitter, columns));
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Ends with the work.
        }
    }

    private string Describe(StateCounts counts, MapSubmitter submitter, int columns)
    {
        var done = counts.Completed + counts.Dead + counts.Cancelled;
        return ProgressText.Of(Math.Min(done, submitter.Lines), submitter.Lines, submitter.HasEnded,
            counts.Dead + counts.Cancelled, _rate.Note(done), columns);
    }
}
