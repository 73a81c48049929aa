using Weft.CommandLine.Terminal;

namespace Weft.Demo;

/// <summary>The progress of a demo; read by a different thread from the one that counts.</summary>
internal interface IDemoProgress
{
    int Total { get; }

    int Done { get; }
}

/// <summary>A line of progress on a terminal; nothing if the output goes elsewhere.</summary>
internal static class DemoProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static async Task ShowAsync(IDemoProgress tally, Func<Task> work)
    {
        if (Console.IsOutputRedirected || ProgressLine.OnTerminal() is not { } line)
        {
            await work();
            return;
        }

        var rate = new ProgressRate(TimeProvider.System);
        using var timer = new Timer(_ =>
            line.Show(columns =>
            ProgressText.Of(tally.Done, tally.Total, isWhole: true, failed: 0, rate.Note(tally.Done), columns)), null,
            TimeSpan.Zero, Interval);
        try
        {
            await work();
        }
        finally
        {
            timer.Dispose();
            line.Clear();
        }
    }
}
