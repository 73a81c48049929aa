using System.CommandLine;
using System.Globalization;
using Weft.Client;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft events</c>: prints the coordinator's events, one per line, until it is stopped.</summary>
internal static class EventsCommand
{
    private static readonly Option<string?> Topics = Text(
        "--topics", "Any of tasks, groups, queues, workers and operations, comma-separated [default: all]", "names");
    private static readonly Option<string?> Queue = Text("--queue", "Only events of this queue", "name");
    private static readonly Option<long?> Group = NumberOption.Optional(
        "--group", "Only events of this group", 1, long.MaxValue, "id");
    private static readonly Option<long?> Task = NumberOption.Optional(
        "--task", "Only events of this task", 1, long.MaxValue, "id");
    private static readonly Option<string?> Type = Text("--type", "Only events of tasks of this type", "type");
    private static readonly Option<string?> After = Text(
        "--after", "Continue after this event (a cursor, as --json prints it)", "cursor");

    public static Command Create() =>
        new Command("events", "Print events as they happen, one per line, until Ctrl+C.")
        {
            Topics, Queue, Group, Task, Type, After,
        }.Remote(RunAsync).WithExamples(
            "weft events", "weft events --queue squares --json", "weft events --group 12 --topics tasks");

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var filter = new EventFilter
        {
            Topics = flags.GetValue(Topics)?.Split(',') ?? [],
            Queue = flags.GetValue(Queue),
            Group = flags.GetValue(Group),
            Task = flags.GetValue(Task),
            Type = flags.GetValue(Type),
        };
        // A coordinator that can't be reached is reported at once; one that becomes unavailable later is waited for.
        await api.GetAsync("access", WireJson.Default.Access, stop);
        await using var events = api.Patiently().Client.FollowEventsAsync(filter, flags.GetValue(After), stop)
            .GetAsyncEnumerator(stop);
        while (StandardStreams.OutputFailure is null && await api.AskAsync(() => events.MoveNextAsync().AsTask()))
        {
            var each = events.Current;
            if (flags.WantsJson()) JsonOutput.Print(each, WireJson.Default.EventInfo);
            else if (each.Event == EventNames.Reset) Console.Error.WriteLine($"weft: {MissingText(each.Reason)}");
            else Console.Out.WriteLine(Line(each));
        }

        return ExitCode.Ok;
    }

    private static string MissingText(string? reason) => reason == "rate"
        ? "Events are missing here: there were too many. Limit them to one queue, group or type."
        : "Events are missing here: the coordinator was restarted, or this command was disconnected for too long.";

    private static string Line(EventInfo each)
    {
        (string Name, object? Value)[] more =
        [
            ("type", each.Type), ("group", each.Group), ("attempt", each.Attempt), ("worker", each.WorkerId),
            ("wait", Milliseconds(each.WaitMs)), ("run", Milliseconds(each.RunMs)), ("operation", each.Operation),
            ("matched", each.Matched), ("changed", each.Changed), ("refused", each.Refused),
        ];
        var cells = new List<string?>
        {
            each.At is { } at ? IsoTime.Of(at) : "-",
            OneLine.Of(each.Event ?? "-").PadRight(14),
            each.Id?.ToString(CultureInfo.InvariantCulture) ?? "-",
            OneLine.Of(each.Queue ?? "-"),
        };
        cells.AddRange(more.Where(static part => part.Value is not null).Select(static part =>
            $"{part.Name}={OneLine.Of(Convert.ToString(part.Value, CultureInfo.InvariantCulture)!)}"));
        return string.Join("  ", cells);
    }

    private static string? Milliseconds(long? value) => value is { } some ? $"{some}ms" : null;

    private static Option<string?> Text(string name, string description, string unit) =>
        new(name) { Description = description, HelpName = unit };
}
