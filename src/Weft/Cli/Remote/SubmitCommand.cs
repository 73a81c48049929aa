using System.CommandLine;
using Weft.Cli.Modules;
using Weft.Client.Http;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.CommandLine.Text;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft submit</c>: submits one task and prints its id.</summary>
internal static class SubmitCommand
{
    private static readonly Argument<string?> Payload = new("payload")
    {
        Description = "JSON or any other text; read from stdin if omitted",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Key = new("--key")
    {
        Description = "Idempotency key: submitting again with the same key returns the same task",
        HelpName = "key",
    };

    public static Command Create()
    {
        var command = new Command("submit", "Submit a task and print its id.") { Payload, Key };
        TaskOptions.AddTo(command);
        ModuleOptions.AddTo(command);
        return command.Remote(RunAsync).WithExamples(
            """weft submit '{"n":12}' --queue squares""",
            "weft submit --text 'any text' --priority 10 --key order-17",
            "weft submit 12 --module square.wasm",
            "weft submit --queue pages < page.html");
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var key = flags.GetValue(Key);
        if (!WeftRequest.IsKey(key))
            throw new UsageFailure("--key must not contain control characters, such as line ends.");
        var text = await ReadPayloadAsync(flags.GetValue(Payload), stop);
        var module = await ModuleOptions.ReadAsync(flags, api, stop);
        var task = TaskOptions.Read(flags, JsonText.ReadTyped(text, flags.GetValue(TaskOptions.Text)));
        var request = (await module.EnsureAsync(api, stop)).AddTo(task);
        var created = await api.PostAsync("tasks", request, WireJson.Default.TaskRequest, key,
            WireJson.Default.TaskCreated, stop);
        if (flags.WantsJson()) JsonOutput.Print(created, WireJson.Default.TaskCreated);
        else Console.Out.WriteLine(created.Id);
        if (StandardStreams.OutputFailure is not { } failure) return ExitCode.Ok;
        // Submitting it again would create a second task.
        Console.Error.WriteLine($"weft: Task {created.Id} was submitted, but its id could not be written: {failure}.");
        return ExitCode.OutputLost;
    }

    private static async Task<string> ReadPayloadAsync(string? typed, CancellationToken stop)
    {
        if (typed is not null) return typed.TrimStart('\uFEFF');
        var text = (await Utf8Text.ReadAsync(StandardInput.Open("the payload"), "The payload on stdin", stop))
            .TrimEnd('\n');
        return text.Length > 0
            ? text
            : throw new UsageFailure("There is no payload: stdin is empty. To submit an empty string: weft submit ''.");
    }
}
