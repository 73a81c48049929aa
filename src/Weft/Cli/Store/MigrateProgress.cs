using Weft.CommandLine.Terminal;
using Weft.Storage.Import;

namespace Weft.Cli.Store;

/// <summary>A line of progress on stderr if it is a terminal; otherwise nothing.</summary>
internal static class MigrateProgress
{
    // Called for each batch; more frequent updates would be unreadable.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static async Task<ImportReport> ShowAsync(Func<Action<ImportProgress>, Task<ImportReport>> work)
    {
        if (ProgressLine.OnTerminal() is not { } line) return await work(static _ => { });
        try
        {
            return await work(Follow(line, TimeProvider.System));
        }
        finally
        {
            line.Clear();
        }
    }

    private static Action<ImportProgress> Follow(ProgressLine line, TimeProvider time)
    {
        var (shown, checking, rate) = (0L, false, new ProgressRate(time));
        return progress =>
        {
            if (shown != 0 && checking == progress.Checking && time.GetElapsedTime(shown) < Interval) return;
            if (checking != progress.Checking) rate = new(time);
            (shown, checking) = (time.GetTimestamp(), progress.Checking);
            var (title, perSecond) = (progress.Checking ? "Verifying" : "Copying", rate.Note(progress.Done));
            line.Show(columns => $"{title}  " + ProgressText.Of(progress.Done, progress.Total, isWhole: true, failed: 0,
                perSecond, columns - title.Length - 2));
        };
    }
}
