using System.CommandLine;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Modules;

/// <summary><c>weft queues module</c>: what the tasks of a queue run that name no module themselves.</summary>
internal static class QueueModuleCommand
{
    private static readonly Argument<string> Queue = new("queue") { Description = "The queue's name" };
    private static readonly Argument<string?> Module = new("module") { Description = "A file, pushed when needed, or the hash of one", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> None = new("--none") { Description = "Take the queue's module away" };

    public static Command Create()
    {
        var command = new Command("module", "Have the tasks that are submitted to a queue from now on run a module.") { Queue, Module, None };
        RunOptions.AddTo(command);
        return command.Does(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var (queue, typed) = (flags.GetRequiredValue(Queue), flags.GetValue(Module));
        if ((typed is null) != flags.GetValue(None)) throw new UsageFailure("Name the module, or say --none to take it away.");
        var path = $"queues/{Uri.EscapeDataString(queue)}/module";
        if (typed is null)
        {
            await api.DeleteAsync(path, stop);
            if (!flags.WantsJson()) Console.Out.WriteLine($"{queue} has no module.");
            return ExitCode.Ok;
        }

        var run = RunOptions.Read(flags);
        var module = await ModuleFile.OpenAsync(typed, stop);
        await module.EnsureAsync(api, stop);
        var outcome = await api.PutAsync(path, new QueueModule(module.Hash.ToString(), run), WireJson.Default.QueueModule, WireJson.Default.QueueModule, stop);
        if (flags.WantsJson()) JsonOutput.Print(outcome, WireJson.Default.QueueModule);
        else Console.Out.WriteLine($"{queue} runs {outcome.Module}.");
        return ExitCode.Ok;
    }
}
