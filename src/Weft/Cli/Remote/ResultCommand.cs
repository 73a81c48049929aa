using System.CommandLine;
using Weft.Cli.Files;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft result</c> and <c>weft wait</c>: the results of tasks, at once or when they are finished.</summary>
internal static class ResultCommand
{
    // Ten years.
    private const double TimeoutSecondsMax = 315_360_000;

    public static Command Create()
    {
        var ids = TaskIds.Argument();
        return new Command("result",
            "Print task results, one per line. Exit code 1: a task is unknown; 3: a task is dead or cancelled; 4: a " +
            "task isn't finished.") { ids, TaskOptions.Text, OutputOptions.Out }
            .Remote((flags, api, stop) => RunAsync(flags, flags.GetRequiredValue(ids), TimeSpan.Zero, api, stop))
                .WithExamples("weft result 1", "weft result 1 2 3 --text", "weft result 1 --out files");
    }

    public static Command CreateWait()
    {
        var ids = TaskIds.Argument();
        var timeout = NumberOption.Optional("--timeout", "Give up after this many seconds [default: never]", 0,
            TimeoutSecondsMax, "seconds");
        const string Description =
            "Wait for tasks to finish and print their results, one per line. Exit code 1: a task is unknown; 3: a " +
                "task is dead or cancelled; 4: timed out.";
        return new Command("wait", Description) { ids, TaskOptions.Text, OutputOptions.Out, timeout }
            .Remote((flags, api, stop) =>
                RunAsync(flags, flags.GetRequiredValue(ids), flags.GetValue(timeout) is { } seconds
                    ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue, api, stop)).WithExamples("weft wait 1",
                    "weft wait $(weft submit 12) --timeout 60");
    }

    private static async Task<int> RunAsync(ParseResult flags, long[] ids, TimeSpan timeout, RemoteApi api,
        CancellationToken stop)
    {
        var exitCode = ExitCode.Ok;
        var hint = timeout > TimeSpan.Zero ? IdleHint.Watch(api, Console.Error.WriteLine, stop) : null;
        await foreach (var seen in new TaskWatch(api, timeout, TimeProvider.System, hint).ReadAllAsync(ids, stop))
        {
            if (StandardStreams.OutputFailure is not null) break;
            if (flags.GetValue(OutputOptions.Out) is { } folder)
            {
                // Files of several tasks would overwrite one another.
                var own = ids.Length == 1 ? folder : Path.Combine(folder, $"{seen.Id}");
                await OutputOptions.SaveAsync(api, seen.Task?.Outputs, own, stop);
            }

            exitCode = Math.Max(exitCode, Show(seen, flags.WantsJson(), flags.GetValue(TaskOptions.Text)));
        }

        return exitCode;
    }

    private static int Show(SeenTask seen, bool asJson, bool asText)
    {
        if (seen.Trouble is { } trouble)
        {
            Console.Error.WriteLine($"weft: Task {seen.Id}: {trouble}");
            return ExitCode.Failed;
        }

        if (seen.Task is not { } task)
        {
            Console.Error.WriteLine($"weft: Task {seen.Id}: The coordinator did not answer.");
            return ExitCode.TaskUnfinished;
        }

        if (asJson) JsonOutput.Print(TaskLines.WithResult(task), WireJson.Default.TaskInfo);
        if (TaskLines.ResultOf(task.State, task.Result) is { } result)
        {
            if (!asJson) Console.Out.WriteLine(JsonText.Write(result, asText));
            return ExitCode.Ok;
        }

        Console.Error.WriteLine($"weft: {TaskLines.Describe(task.Id, task.State, task.Error)}");
        return task.FinishedAt is null ? ExitCode.TaskUnfinished : ExitCode.TaskLost;
    }
}
