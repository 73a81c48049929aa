using Spectre.Console;

namespace Weft.Demo;

/// <summary>A progress bar where somebody looks; nothing where the output goes elsewhere.</summary>
internal static class DemoProgress
{
    public static Task ShowAsync(DemoTally tally, Func<Task> work)
    {
        if (Console.IsOutputRedirected) return work();
        return AnsiConsole.Progress().StartAsync(context =>
        {
            var bar = context.AddTask("Products", maxValue: tally.Total);
            tally.Noted += () => bar.Increment(1);
            return work();
        });
    }
}
