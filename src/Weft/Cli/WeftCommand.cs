using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Cli.Exec;
using Weft.Cli.Map;
using Weft.Cli.Modules;
using Weft.Cli.Remote;
using Weft.Cli.Store;
using Weft.Cli.Tokens;
using Weft.Demo;
using Weft.Serve;

namespace Weft.Cli;

/// <summary>The command line: <c>weft</c> and what comes after it.</summary>
internal static class WeftCommand
{
    /// <summary>Runs what was typed. Whatever goes wrong is one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var root = Create();
            var typed = root.Parse(arguments);
            // The port belongs to weft alone: in the usage of its commands it would only mislead.
            root.Arguments[0].Hidden = typed.CommandResult.Command != root;
            if (typed.Errors.Count > 0) throw new UsageFailure(string.Join(' ', typed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            return await typed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageFailure failure)
        {
            Console.Error.WriteLine($"weft: {failure.Message} Try 'weft --help'.");
            return ExitCode.Usage;
        }
        catch (CommandFailure failure)
        {
            Console.Error.WriteLine($"weft: {failure.Message}");
            return ExitCode.Failed;
        }
    }

    private static RootCommand Create()
    {
        var port = new Argument<int?>("port") { Description = "Start the coordinator on this port, as 'weft serve' does", Arity = ArgumentArity.ZeroOrOne };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var value) || value is < 0 or > 65_535)) result.AddError($"'{result.Tokens[0].Value}' is neither a command nor a port.");
        });
        var root = new RootCommand("Weft: a durable task coordinator. Submit tasks over HTTP, let browsers or programs compute them, read the results.")
        {
            port,
            ServeCommand.Create(),
            DemoCommand.Create(),
            MapCommand.Create(),
            WorkerCommand.Create(),
            SubmitCommand.Create(),
            ResultCommand.Create(),
            ResultCommand.CreateWait(),
            TasksCommand.Create(),
            TaskVerbCommand.Create("cancel", "Cancel tasks that are not finished; a worker that has one is told."),
            TaskVerbCommand.Create("retry", "Run dead tasks again, with all their attempts."),
            QueuesCommand.Create(),
            ModuleCommand.Create(),
            WorkersCommand.Create(),
            StatsCommand.Create(),
            TokenCommand.Create(),
            BackupCommand.Create(),
            BackupCommand.CreateRestore(),
            CheckCommand.Create(),
            MigrateCommand.Create(),
            CompletionCommand.Create(),
        };
        ServeCommand.AddTo(root);
        root.SetAction((flags, _) => ServeCommand.RunAsync(flags, flags.GetValue(port)));
        return root;
    }
}
