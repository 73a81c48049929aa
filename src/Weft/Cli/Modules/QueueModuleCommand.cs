using System.CommandLine;
using Weft.Cli.Remote;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;

namespace Weft.Cli.Modules;

/// <summary><c>weft queues module</c>: what the tasks of a queue run that name no module themselves.</summary>
internal static class QueueModuleCommand
{
    private static readonly Argument<string> Queue = new("queue") { Description = "The queue's name" };
    private static readonly Argument<string?> Module = new("module")
    {
        Description = "A file, pushed if needed, or a module's hash (a unique prefix is enough)",
        HelpName = "file|sha256",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<bool> None = new("--none") { Description = "Remove the queue's module" };

    public static Command Create()
    {
        var command = new Command("module",
            "Set the module that tasks submitted to a queue from now on will run.") { Queue, Module, None };
        RunOptions.AddTo(command);
        return command.Does(RunAsync)
            .WithExamples("weft queues module squares square.wasm --fixed", "weft queues module squares --none");
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var (queue, typed) = (flags.GetRequiredValue(Queue), flags.GetValue(Module));
        if ((typed is null) != flags.GetValue(None)) throw new UsageFailure("Give a module, or --none to remove it.");
        var path = $"queues/{Uri.EscapeDataString(queue)}/module";
        if (typed is null)
        {
            await api.DeleteAsync(path, stop);
            if (!flags.WantsJson()) Console.Out.WriteLine($"{queue} has no module.");
            return ExitCode.Ok;
        }

        var run = RunOptions.Read(flags);
        var module = await ModuleFile.OpenAsync(typed, api, stop);
        await module.EnsureAsync(api, stop);
        var outcome = await api.SendAsync(
            WeftRequest.Put(path, new QueueModule(module.Hash.ToString(), run), WireJson.Default.QueueModule),
            WireJson.Default.QueueModule, stop);
        if (flags.WantsJson()) JsonOutput.Print(outcome, WireJson.Default.QueueModule);
        else Console.Out.WriteLine($"{queue} runs {outcome.Module}.");
        return ExitCode.Ok;
    }
}
