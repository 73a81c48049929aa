using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Weft.Cli.Modules;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft queues</c>: what they hold; and pausing, resuming, emptying one.</summary>
internal static class QueuesCommand
{
    public static Command Create() =>
        new Command("queues", "List the queues with their tasks by state.")
        {
            Verb("pause", "Hand out nothing from a queue until it is resumed.", WireJson.Default.QueuePause, static (name, _) => $"{name} is paused."),
            Verb("resume", "Hand out a paused queue's tasks again.", WireJson.Default.QueuePause, static (name, _) => $"{name} is open."),
            Verb("purge", "Cancel all of a queue's tasks that no worker has yet.", WireJson.Default.CancelOutcome,
                static (name, outcome) => $"Waiting tasks of {name} that are cancelled now: {outcome.Cancelled}."),
            QueueModuleCommand.Create(),
        }.Remote(ListAsync);

    private static async Task<int> ListAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var queues = (await api.GetAsync("queues", WireJson.Default.QueueList, stop)).Queues;
        if (flags.WantsJson()) JsonOutput.Print(queues, WireJson.Default.Queue);
        else Print(queues);
        return ExitCode.Ok;
    }

    private static void Print(IReadOnlyList<Queue> queues)
    {
        var table = new TextTable("QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED");
        foreach (var queue in queues)
        {
            var counts = queue.Counts;
            table.Add(queue.Name, queue.Paused ? "paused" : "open", counts.Scheduled, counts.Ready, counts.Leased, counts.Completed, counts.Dead, counts.Cancelled);
        }

        table.Print(Console.Out);
    }

    private static Command Verb<T>(string verb, string description, JsonTypeInfo<T> answer, Func<string, T, string> say)
    {
        var queue = new Argument<string>("queue") { Description = "The queue's name" };
        return new Command(verb, description) { queue }.Does(async (flags, api, stop) =>
        {
            var name = flags.GetRequiredValue(queue);
            var outcome = await api.PostAsync($"queues/{Uri.EscapeDataString(name)}/{verb}", answer, stop);
            if (flags.WantsJson()) JsonOutput.Print(outcome, answer);
            else Console.Out.WriteLine(say(name, outcome));
            return ExitCode.Ok;
        });
    }
}
