using System.CommandLine;
using System.Globalization;
using Weft.Cli.Remote;

namespace Weft.Cli.Exec;

/// <summary><c>weft worker</c>: makes a worker of any program.</summary>
internal static class WorkerCommand
{
    private const int ConcurrencyMax = 256;
    private const int OutputBytesMax = 10 << 20;

    private static readonly Option<string> Exec = new("--exec")
    {
        Description = "Shell command that does a task: payload on stdin, result on stdout; another exit code than 0 is a failure",
        HelpName = "command",
        Required = true,
    };

    private static readonly Option<string[]> Queues = new("--queue") { Description = "Queue to work on; may be given several times [default: default]", HelpName = "name" };
    private static readonly Option<int> Concurrency = NumberOption.WithDefault("--concurrency", "Tasks at once", 1, 1, ConcurrencyMax);
    private static readonly Option<int> LeaseSeconds = NumberOption.WithDefault("--lease-seconds", "After so much silence of this worker, its tasks go to others", 60, 1, 86_400);
    private static readonly Option<string[]> Capabilities = new("--capability") { Description = "What this machine has, such as simd or memory=8192; may be given several times", HelpName = "label" };
    private static readonly Option<string?> WorkerId = new("--worker-id") { Description = "This worker's name [default: machine and process]", HelpName = "name" };
    private static readonly Option<bool> Text = new("--text") { Description = "Results are text even where they look like JSON" };

    public static Command Create() =>
        new Command("worker", "Run a program for each task. Ctrl+C lets what runs finish; once more ends it and gives it back.")
        {
            Exec, Queues, Concurrency, LeaseSeconds, Capabilities, WorkerId, Text,
        }.Remote(RunAsync);

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var options = new ExecOptions(
            flags.GetValue(WorkerId) ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}"),
            flags.GetValue(Queues) is { Length: > 0 } queues ? queues : null,
            flags.GetValue(Concurrency),
            TimeSpan.FromSeconds(flags.GetValue(LeaseSeconds)),
            flags.GetValue(Capabilities) is { Length: > 0 } capabilities ? capabilities : null,
            flags.GetValue(Text),
            flags.WantsJson());
        using var interrupt = new ExecInterrupt();
        Console.Error.WriteLine($"weft: Working as {options.WorkerId}. Press Ctrl+C to stop.");
        await new ExecWorker(api, new(flags.GetRequiredValue(Exec), OutputBytesMax), options).RunAsync(interrupt.Drain, interrupt.Kill);
        return interrupt.Kill.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
    }
}
