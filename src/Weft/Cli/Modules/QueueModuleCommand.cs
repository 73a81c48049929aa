using System.CommandLine;
using Weft.Cli.Files;
using Weft.Cli.Remote;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;

namespace Weft.Cli.Modules;

/// <summary>
/// <c>weft queues module</c>: sets the module and files for a queue's tasks that name none themselves.
/// </summary>
internal static class QueueModuleCommand
{
    private static readonly Argument<string> Queue = new("queue") { Description = "The queue's name" };
    private static readonly Argument<string?> Module = new("module")
    {
        Description = "A file, pushed if needed, or a module's hash (a unique prefix is enough)",
        HelpName = "file|sha256",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<bool> None = new("--none") { Description = "Remove the queue's module and files" };

    public static Command Create()
    {
        var command = new Command("module",
            "Set the module that tasks submitted to a queue from now on will run, and the files that they find.")
            { Queue, Module, None };
        RunOptions.AddTo(command);
        RunFileOptions.AddTo(command);
        return command.Does(RunAsync)
            .WithExamples("weft queues module squares square.wasm --fixed",
                "weft queues module products product.wasm --file matrix.bin", "weft queues module squares --none");
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var (queue, typed) = (flags.GetRequiredValue(Queue), flags.GetValue(Module));
        var (files, run, isNone) = (RunFileOptions.Read(flags), RunOptions.Read(flags), flags.GetValue(None));
        if (isNone == (typed is not null || !files.IsEmpty || run is not null))
            throw new UsageFailure("Give a module, files or both, or only --none to remove them.");
        var path = $"queues/{Uri.EscapeDataString(queue)}/module";
        if (isNone)
        {
            await api.DeleteAsync(path, stop);
            if (!flags.WantsJson()) Console.Out.WriteLine($"{queue} has no module and no files.");
            return ExitCode.Ok;
        }

        var module = typed is null ? null : await ModuleFile.OpenAsync(typed, api, stop);
        if (module is not null) await module.EnsureAsync(api, stop);
        if (!files.IsEmpty) run = (run ?? new()) with { Files = await files.EnsureAsync(api, stop) };
        var outcome = await api.SendAsync(
            WeftRequest.Put(path, new QueueModule(module?.Hash.ToString(), run), WireJson.Default.QueueModule),
            WireJson.Default.QueueModule, stop);
        if (flags.WantsJson()) JsonOutput.Print(outcome, WireJson.Default.QueueModule);
        else Console.Out.WriteLine(Describe(queue, outcome));
        return ExitCode.Ok;
    }

    private static string Describe(string queue, QueueModule outcome)
    {
        var parts = new List<string>();
        if (outcome.Module is { } module) parts.Add($"runs {module}");
        if (outcome.Run?.Files is { Count: var count })
            parts.Add($"gives its tasks {count} file{(count == 1 ? "" : "s")}");
        return $"{queue} {(parts.Count == 0 ? "lets its tasks write files" : string.Join(" and ", parts))}.";
    }
}
