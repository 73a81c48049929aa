using System.CommandLine;
using Weft.Cli.Modules;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft submit</c>: one task; prints its id.</summary>
internal static class SubmitCommand
{
    private static readonly Argument<string?> Payload = new("payload") { Description = "JSON, or any other text; read from stdin when it isn't given", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Key = new("--key") { Description = "Idempotency key: submitting again with it gives the same task", HelpName = "key" };

    public static Command Create()
    {
        var command = new Command("submit", "Submit a task, and print its id.") { Payload, Key };
        TaskOptions.AddTo(command);
        ModuleOptions.AddTo(command);
        return command.Remote(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var text = flags.GetValue(Payload) ?? (await Console.In.ReadToEndAsync(stop)).TrimEnd('\n');
        var module = await ModuleOptions.ReadAsync(flags, stop);
        var request = module.AddTo(TaskOptions.Read(flags, JsonText.ReadTyped(text, flags.GetValue(TaskOptions.Text))));
        await module.EnsureAsync(api, stop);
        var created = await api.PostAsync("tasks", request, WireJson.Default.TaskRequest, flags.GetValue(Key), WireJson.Default.TaskCreated, stop);
        if (flags.WantsJson()) JsonOutput.Print(created, WireJson.Default.TaskCreated);
        else Console.Out.WriteLine(created.Id);
        return ExitCode.Ok;
    }
}
