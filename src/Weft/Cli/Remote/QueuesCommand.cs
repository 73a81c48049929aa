using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Weft.Cli.Modules;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft queues</c>: lists queues with their counts; pauses, resumes or purges one.</summary>
internal static class QueuesCommand
{
    public static Command Create() =>
        new Command("queues",
            "List queues with task counts by state, their workers, and ready tasks that no worker can take.")
        {
            Verb("pause", "Stop handing out a queue's tasks until it is resumed.", WireJson.Default.QueuePause,
                static (name, _) => $"{name} is paused."),
            Verb("resume", "Resume a paused queue.", WireJson.Default.QueuePause,
                static (name, _) => $"{name} is open."),
            Verb("purge", "Cancel a queue's scheduled and ready tasks.", WireJson.Default.CancelOutcome,
                static (name, outcome) => $"{name}: {Counted.Of(outcome.Cancelled, "waiting task")} cancelled."),
            QueueModuleCommand.Create(),
        }.Remote(ListAsync).WithExamples("weft queues", "weft queues pause squares",
            "weft queues module squares square.wasm");

    private static async Task<int> ListAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var queues = await api.AskAsync(() => api.Client.ListQueuesAsync(stop));
        if (flags.WantsJson()) JsonOutput.Print(queues, WireJson.Default.Queue);
        else Print(queues);
        return ExitCode.Ok;
    }

    private static void Print(IReadOnlyList<Queue> queues)
    {
        var table = new TextTable("QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED",
            "WORKERS", "UNSERVED");
        foreach (var queue in queues)
        {
            var counts = queue.Counts;
            table.Add(queue.Name, queue.Paused ? "paused" : "open", counts.Scheduled, counts.Ready, counts.Leased,
                counts.Completed, counts.Dead, counts.Cancelled, queue.Workers, queue.Unserved);
        }

        table.Print("queues");
    }

    private static Command Verb<T>(string verb, string description, JsonTypeInfo<T> answer, Func<string, T, string> say)
    {
        var queue = new Argument<string>("queue") { Description = "The queue's name" };
        return new Command(verb, description) { queue }.Does(async (flags, api, stop) =>
        {
            var name = flags.GetRequiredValue(queue);
            var known = (await api.AskAsync(() => api.Client.ListQueuesAsync(stop))).Any(each =>
                each.Name == name);
            var outcome = await api.PostAsync($"queues/{Uri.EscapeDataString(name)}/{verb}", answer, stop);
            if (flags.WantsJson()) JsonOutput.Print(outcome, answer);
            else Console.Out.WriteLine(say(name, outcome));
            // Not refused: a queue may be paused before its first task, and is deleted with its last one.
            if (!known) Console.Error.WriteLine($"weft: Queue {name} did not exist before.");
            return ExitCode.Ok;
        }).WithExamples($"weft queues {verb} squares");
    }
}
