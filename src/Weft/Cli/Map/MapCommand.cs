using System.CommandLine;
using Weft.Cli.Files;
using Weft.Cli.Modules;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.CommandLine.Text;
using Weft.Contracts;

namespace Weft.Cli.Map;

/// <summary>
/// <c>weft map</c>: submits each line of stdin as a task, and prints its result as the same line of stdout.
/// </summary>
internal static class MapCommand
{
    private static readonly Option<string> RunName = new("--run")
    {
        Description =
            "Name of this run, to keep it apart from other runs of the same command; part of its group's name",
        HelpName = "name",
        DefaultValueFactory = static _ => "",
    };

    private static readonly Option<bool> Fresh = new("--fresh")
    {
        Description = "Discard the interrupted run and start over",
    };

    private static readonly Option<bool> Unordered = new("--unordered")
    {
        Description = "Print results as they arrive instead of in input order; --json adds the line number",
    };

    private static readonly Option<bool> NoProgress = new("--no-progress")
    {
        Description = "Don't show progress on a terminal",
    };

    private const string Description =
        "Submit each line of stdin as a task and print the results in input order. If interrupted, run the same " +
            "command again to continue. Exit code 3: a task is dead or cancelled; 6: a printed result was wrong.";

    public static Command Create()
    {
        var command = new Command("map", Description) { RunName, Fresh, Unordered, NoProgress, OutputOptions.Out };
        TaskOptions.AddTo(command);
        ModuleOptions.AddTo(command);
        return command.Remote(RunAsync).WithExamples(
            "seq 1 1000 | weft map --queue squares > out.ndjson",
            "weft map --text < names.txt > answers.txt",
            "weft map --module square.wasm --memory-mb 64 < numbers.txt",
            "weft map --python plot.py --out pictures < numbers.txt");
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        using var interrupt = new Interrupt();
        var module = await (await ModuleOptions.ReadAsync(flags, api, stop)).EnsureAsync(api, stop);
        if (flags.GetValue(OutputOptions.Out) is not null) module = module.WithOutputs();
        using var journal = MapJournal.Open(
            $"{api.Url} {flags.GetValue(RunName)} {TaskOptions.Describe(flags)} {module.Text}".TrimEnd());
        try
        {
            return await RunAsync(flags, api, journal, module, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("weft: Interrupted. Run the same command again to continue.");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, MapJournal journal, ModuleChoice module,
        CancellationToken stop)
    {
        var run = new MapRun(api, journal, flags.GetValue(RunName)!);
        var cancelledBefore = await run.BeginAsync(flags.GetValue(Fresh), stop);
        var (group, asText) = (journal.Group!.Value.Id, flags.GetValue(TaskOptions.Text));
        var line = flags.GetValue(NoProgress) ? null : ProgressLine.OnTerminal();
        var progress = new MapProgress(line, TimeProvider.System);
        api.Notices.Say = progress.Say;
        IdleHint.Watch(api, progress.Say, stop).Note(TaskOptions.QueueOf(flags), hasModule: module.File is not null);
        var input = new MapInput(StandardInput.Open("lines"));
        var submitter = new MapSubmitter(new(api), journal, input,
            payload => module.AddTo(TaskOptions.Read(flags, payload) with { Group = group }), asText);
        var output = new MapOutput(line);
        var results = new MapResults(api, group, cancelledBefore);
        var printer = new MapPrinter(results, output, new(!flags.GetValue(Unordered), asText, flags.WantsJson()),
            SaveAsync, progress.Say);

        Task SaveAsync(GroupResult result, long line) => flags.GetValue(OutputOptions.Out) is { } folder
            ? OutputOptions.SaveAsync(api.Patiently(), result.Outputs, Path.Combine(folder, $"{line}"), stop)
            : Task.CompletedTask;

        await progress.ShowAsync(until => CountAsync(api, group, until), submitter,
            end => run.WorkAsync(submitter, printer, results, end), stop);

        if (run.WasCalledOff)
        {
            Console.Error.WriteLine(
                $"weft: The run was cancelled: {printer.Lost} of {submitter.Lines} lines have no result. --fresh " +
                $"starts over.");
            return ExitCode.TaskLost;
        }

        var corrected = await SayCorrectionsAsync(printer, results, stop);
        if (printer.Lost == 0)
        {
            journal.Delete();
            return corrected ? ExitCode.ResultCorrected : ExitCode.Ok;
        }

        Console.Error.WriteLine(
            $"weft: {printer.Lost} of {submitter.Lines} lines have no result. {HowToContinue(printer)}");
        return ExitCode.TaskLost;
    }

    /// <summary>Reports which of the printed results were found wrong since. False: none was.</summary>
    private static async Task<bool> SayCorrectionsAsync(
        MapPrinter printer, MapResults results, CancellationToken stop)
    {
        if (printer.Verified.Count == 0) return false;
        var isAny = false;
        await foreach (var correction in results.ReadCorrectionsAsync(stop))
        {
            isAny = true;
            var line = printer.Verified.TryGetValue(correction.Id, out var known) ? $"Line {known}, t" : "T";
            Console.Error.WriteLine(correction.Result is { } right
                ? $"weft: {line}ask {correction.Id}: The printed result was found wrong. It is: " +
                    JsonText.Write(right, asText: false)
                : $"weft: {line}ask {correction.Id}: The printed result was found wrong:  {correction.Error}");
        }

        return isAny;
    }

    private static string HowToContinue(MapPrinter printer)
    {
        const string fresh = "--fresh starts over and computes all lines.";
        var cancelled =
            $"{Counted.Of(printer.Cancelled, "task")} {(printer.Cancelled == 1 ? "was" : "were")} cancelled";
        return printer.Cancelled == 0 ? "Run the same command again to retry dead tasks."
            : printer.Cancelled == printer.Lost ? $"{cancelled}: {fresh}"
            : $"{cancelled}. Run the same command again to retry the dead ones; {fresh}";
    }

    private static async Task<StateCounts?> CountAsync(RemoteApi api, long group, CancellationToken stop)
    {
        try
        {
            return (await api.GetAsync($"groups/{group}", WireJson.Default.Group, stop)).Counts;
        }
        catch (CommandFailure)
        {
            return null;
        }
    }
}
