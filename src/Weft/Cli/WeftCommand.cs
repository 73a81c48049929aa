using System.CommandLine;
using System.CommandLine.Help;
using Weft.Cli.Blobs;
using Weft.Cli.Cert;
using Weft.Cli.Completion;
using Weft.Cli.Exec;
using Weft.Cli.Map;
using Weft.Cli.Modules;
using Weft.Cli.Modules.Engine;
using Weft.Cli.New;
using Weft.Cli.Remote;
using Weft.Cli.Store;
using Weft.Cli.Tokens;
using Weft.Cli.Verify;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.CommandLine.Text;
using Weft.Demo;
using Weft.Serve;
using Weft.Storage;

namespace Weft.Cli;

/// <summary>The command line: <c>weft</c> and its arguments.</summary>
internal static class WeftCommand
{
    // An argument that begins with @ is not a response file: it may be untrusted text.
    private static readonly ParserConfiguration Parser = new()
    {
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    /// <summary>Runs the command line. Every failure is one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = Create();
        var typed = root.Parse(arguments, Parser);
        var command = typed.CommandResult.Command;
        try
        {
            TypedArguments.Check(arguments);
            if (TypingMistake.Find(typed) is { } mistake) throw new UsageFailure(mistake);
            // Only weft itself accepts the port; the usage of its commands must not show it.
            root.Arguments[0].Hidden = command != root;
            // Not for programs that a worker runs, which create their own files, and for sources that weft new writes.
            if (command.Name is not (WorkerCommand.Name or NewCommand.Name)) PrivateFiles.MakeAll();
            var exitCode = await typed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return ServeCommand.Is(command) ? exitCode : StandardStreams.Conclude(exitCode);
        }
        catch (UsageFailure failure)
        {
            Console.Error.WriteLine($"weft: {failure.Message} Try '{HelpPage.Path(command)} --help'.");
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
        var port = new Argument<int?>("port")
        {
            Description = "Start the coordinator on this port; short for 'weft serve --port'",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var root = new RootCommand(
            "Weft: a durable task coordinator. Submit tasks over HTTP, let browsers or programs compute them, and " +
            "read the results.")
        {
            port,
            ServeCommand.Create(),
            DemoCommand.Create(),
            NewCommand.Create(),
            MapCommand.Create(),
            WorkerCommand.Create(),
            SubmitCommand.Create(),
            ResultCommand.Create(),
            ResultCommand.CreateWait(),
            ShowCommand.Create(),
            TasksCommand.Create(),
            ManyCommand.CreateCancel(),
            ManyCommand.CreateRetry(),
            ManyCommand.CreateDelete(),
            ManyCommand.CreatePriority(),
            OperationsCommand.Create(),
            GroupsCommand.Create(),
            QueuesCommand.Create(),
            ModuleCommand.Create(),
            PythonCommand.Create(),
            BlobCommand.Create(),
            ModuleHostCommand.Create(),
            WorkersCommand.Create(),
            BoardCommand.Create(),
            StatsCommand.Create(),
            EventsCommand.Create(),
            TopCommand.Create(),
            TokenCommand.Create(),
            WebhookCommand.Create(),
            CertCommand.Create(),
            VerifyCommand.Create(),
            BackupCommand.Create(),
            BackupCommand.CreateRestore(),
            CheckCommand.Create(),
            MigrateCommand.Create(),
            CompletionCommand.Create(),
        };
        ServeCommand.AddTo(root);
        FileCompletion.AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpPage();
        root.SetAction((flags, _) => ServeCommand.RunAsync(flags, flags.GetValue(port)));
        return (RootCommand)root.WithExamples("weft 9000", "weft submit 12 --queue squares",
            "weft worker --queue squares --exec 'read n; echo $((n * n))'");
    }
}
