using Spectre.Console;
using Weft.Storage.Moving;

namespace Weft.Cli.Store;

/// <summary>Two progress bars on stderr, where somebody looks at it; else nothing.</summary>
internal static class MigrateProgress
{
    public static async Task<MoveReport> ShowAsync(Func<Action<MoveProgress>, Task<MoveReport>> work)
    {
        if (Console.IsErrorRedirected) return await work(static _ => { });
        var terminal = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var carrying = context.AddTask("Carrying over");
            var comparing = context.AddTask("Comparing", autoStart: false);
            return await work(progress => Show(progress, carrying, comparing));
        });
    }

    private static void Show(MoveProgress progress, ProgressTask carrying, ProgressTask comparing)
    {
        var bar = progress.Checking ? comparing : carrying;
        if (progress.Checking && !comparing.IsStarted)
        {
            // What an earlier run had carried over is told by nobody.
            carrying.Value = carrying.MaxValue;
            comparing.StartTask();
        }

        bar.MaxValue = Math.Max(1, progress.Total);
        bar.Value = progress.Done;
    }
}
