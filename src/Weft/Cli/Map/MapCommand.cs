using System.CommandLine;
using Weft.Cli.Modules;
using Weft.Cli.Remote;

namespace Weft.Cli.Map;

/// <summary><c>weft map</c>: a task for each line of stdin, its result as the same line of stdout.</summary>
internal static class MapCommand
{
    private static readonly Option<string> RunName = new("--run")
    {
        Description = "A name that keeps this run apart from others of the same command",
        HelpName = "name",
        DefaultValueFactory = static _ => "",
    };

    private static readonly Option<bool> Fresh = new("--fresh") { Description = "Forget the run that was interrupted, and start over" };

    private const string Description =
        "Submit each line of stdin as a task, and print the results in the lines' order. Interrupted, the same command goes on. Exit code 3: a task is dead or cancelled.";

    public static Command Create()
    {
        var command = new Command("map", Description) { RunName, Fresh };
        TaskOptions.AddTo(command);
        ModuleOptions.AddTo(command);
        return command.Remote(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        using var interrupt = new Interrupt();
        var module = await ModuleOptions.ReadAsync(flags, stop);
        using var journal = MapJournal.Open($"{api.Url} {flags.GetValue(RunName)} {TaskOptions.Describe(flags)} {module.Text}".TrimEnd());
        try
        {
            return await RunAsync(flags, api, journal, module, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("weft: Interrupted. The same command goes on from here.");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, MapJournal journal, ModuleChoice module, CancellationToken stop)
    {
        await module.EnsureAsync(api, stop);
        await new MapRun(api, journal).BeginAsync(flags.GetValue(Fresh), stop);
        var (group, asText) = (journal.Group!.Value.Id, flags.GetValue(TaskOptions.Text));
        var progress = new MapProgress();
        var patience = new RemotePatience(TimeProvider.System, progress.Say);
        var input = new MapInput(Console.OpenStandardInput());
        var submitter = new MapSubmitter(api, patience, journal, input, payload => module.AddTo(TaskOptions.Read(flags, payload) with { Group = group }), asText);
        using var output = new MapOutput();
        var printer = new MapPrinter(api, patience, group, output, asText, flags.WantsJson(), progress.Say);

        await progress.ShowAsync(api, group, submitter, end => MapRun.WorkAsync(submitter, printer, end), stop);

        if (printer.Lost == 0)
        {
            journal.Delete();
            return ExitCode.Ok;
        }

        Console.Error.WriteLine($"weft: Without a result: {printer.Lost} of {submitter.Lines} lines. The same command tries those again whose tasks are dead.");
        return ExitCode.TaskLost;
    }
}
