using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft queues</c>: what they hold; and pausing, resuming, emptying one.</summary>
internal static class QueuesCommand
{
    public static Command Create()
    {
        var command = new Command("queues", "List the queues with their tasks by state.")
        {
            Verb("pause", "Hand out nothing from a queue until it is resumed.", WireJson.Default.QueuePause, static (name, _) => $"{name} is paused."),
            Verb("resume", "Hand out a paused queue's tasks again.", WireJson.Default.QueuePause, static (name, _) => $"{name} is open."),
            Verb("purge", "Cancel all of a queue's tasks that no worker has yet.", WireJson.Default.CancelOutcome, static (name, outcome) => $"{outcome.Cancelled} waiting tasks of {name} are cancelled."),
        };
        RemoteOptions.AddTo(command);
        command.SetAction(ListAsync);
        return command;
    }

    private static async Task<int> ListAsync(ParseResult flags, CancellationToken stop)
    {
        using var api = new RemoteApi(RemoteOptions.ReadUrl(flags));
        var queues = (await api.GetAsync("queues", WireJson.Default.QueueList, stop)).Queues;
        if (flags.GetValue(RemoteOptions.Json))
        {
            foreach (var queue in queues) Console.Out.WriteLine(JsonSerializer.Serialize(queue, WireJson.Default.Queue));
            return ExitCode.Ok;
        }

        var table = new TextTable("QUEUE", "CLAIMS", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD", "CANCELLED");
        foreach (var (name, paused, counts) in queues)
        {
            table.Add(name, paused ? "paused" : "open", counts.Scheduled, counts.Ready, counts.Leased, counts.Completed, counts.Dead, counts.Cancelled);
        }

        table.Print(Console.Out);
        return ExitCode.Ok;
    }

    private static Command Verb<T>(string verb, string description, JsonTypeInfo<T> answer, Func<string, T, string> say)
    {
        var queue = new Argument<string>("queue") { Description = "The queue's name" };
        var command = new Command(verb, description) { queue };
        command.SetAction(async (flags, stop) =>
        {
            using var api = new RemoteApi(RemoteOptions.ReadUrl(flags));
            var name = flags.GetRequiredValue(queue);
            var outcome = await api.PostAsync($"queues/{Uri.EscapeDataString(name)}/{verb}", answer, stop);
            Console.Out.WriteLine(flags.GetValue(RemoteOptions.Json) ? JsonSerializer.Serialize(outcome, answer) : say(name, outcome));
            return ExitCode.Ok;
        });
        return command;
    }
}
