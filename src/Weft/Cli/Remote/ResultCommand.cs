using System.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft result</c> and <c>weft wait</c>: the results of tasks, as they are now or when they are finished.</summary>
internal static class ResultCommand
{
    // Ten years.
    private const double TimeoutSecondsMax = 315_360_000;

    public static Command Create()
    {
        var ids = TaskIds.Argument();
        return new Command("result", "Print the results of tasks, one a line. Exit code 3: one is dead or cancelled; 4: one isn't finished.") { ids, TaskOptions.Text }
            .Remote((flags, api, stop) => RunAsync(flags, flags.GetRequiredValue(ids), TimeSpan.Zero, api, stop));
    }

    public static Command CreateWait()
    {
        var ids = TaskIds.Argument();
        var timeout = NumberOption.Optional("--timeout", "Give up after so many seconds [default: never]", 0, TimeoutSecondsMax, "seconds");
        const string Description = "Wait until tasks are finished, and print their results, one a line. Exit code 3: one is dead or cancelled; 4: the time ran out.";
        return new Command("wait", Description) { ids, TaskOptions.Text, timeout }
            .Remote((flags, api, stop) =>
                RunAsync(flags, flags.GetRequiredValue(ids), flags.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue, api, stop));
    }

    private static async Task<int> RunAsync(ParseResult flags, long[] ids, TimeSpan timeout, RemoteApi api, CancellationToken stop)
    {
        var watch = new TaskWatch(api, timeout, TimeProvider.System);
        var exitCode = ExitCode.Ok;
        foreach (var id in ids)
        {
            var task = await watch.ReadAsync(id, stop);
            if (task is not null && flags.WantsJson()) JsonOutput.Print(task, WireJson.Default.TaskInfo);
            exitCode = Math.Max(exitCode, Show(id, task, printResult: !flags.WantsJson(), flags.GetValue(TaskOptions.Text)));
        }

        return exitCode;
    }

    private static int Show(long id, TaskInfo? task, bool printResult, bool asText)
    {
        if (task is null)
        {
            Console.Error.WriteLine($"weft: Task {id}: The coordinator is away.");
            return ExitCode.TaskUnfinished;
        }

        if (task.Result is { } result)
        {
            if (printResult) Console.Out.WriteLine(JsonText.Write(result, asText));
            return ExitCode.Ok;
        }

        Console.Error.WriteLine($"weft: Task {task.Id} is {task.State}{(task.Error is { } error ? $": {OneLine.Of(error)}" : ".")}");
        return task.FinishedAt is null ? ExitCode.TaskUnfinished : ExitCode.TaskLost;
    }
}
