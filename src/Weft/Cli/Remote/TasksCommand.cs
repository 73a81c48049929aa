using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Weft.Cli.Help;
using Weft.Cli.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft tasks</c>: tasks by state, queue, group, worker, time and text.</summary>
internal static class TasksCommand
{
    private const int PageMax = 1_000;

    private static readonly Option<string?> State =
        new Option<string?>("--state") { Description = "Only tasks in this state", HelpName = "state" }
        .AcceptOnlyFromAmong("scheduled", "ready", "leased", "completed", "dead", "cancelled");

    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = "Only tasks in this queue",
        HelpName = "name",
    };
    private static readonly Option<long?> Group = NumberOption.Optional("--group", "Only tasks in this group", 1,
        long.MaxValue, "id");
    private static readonly Option<string?> Type = Text("--type", "Only tasks of this type", "type");
    private static readonly Option<string?> Worker = Text("--worker", "Only tasks that this worker claimed last", "id");
    private static readonly Option<long?> Priority = NumberOption.Optional(
        "--priority", "Only tasks of this priority", (long)Core.Limits.PriorityMin, Core.Limits.PriorityMax);
    private static readonly Option<string?> SubmittedAfter =
        Text("--submitted-after", "Only tasks submitted then or later (2030-01-31T12:00:00Z)", "time");
    private static readonly Option<string?> SubmittedBefore =
        Text("--submitted-before", "Only tasks submitted earlier", "time");
    private static readonly Option<string?> FinishedAfter =
        Text("--finished-after", "Only tasks finished then or later", "time");
    private static readonly Option<string?> FinishedBefore =
        Text("--finished-before", "Only tasks finished earlier", "time");
    private static readonly Option<string?> Error = Text("--error", "Only tasks whose error contains this", "text");
    private static readonly Option<string?> Payload =
        Text("--payload", "Only tasks whose payload contains this (slow: each is looked at)", "text");
    private static readonly Option<bool> Oldest = new("--oldest") { Description = "List the oldest tasks first" };
    private static readonly Option<int> Limit = NumberOption.WithDefault("--limit", "Maximum number to list", 100, 1,
        int.MaxValue);

    public static Command Create() =>
        new Command("tasks", "List tasks, newest first.") 
        {
            State, Queue, Group, Type, Worker, Priority, SubmittedAfter, SubmittedBefore, FinishedAfter,
            FinishedBefore, Error, Payload, Oldest, Limit,
        }.Remote(RunAsync).WithExamples(
            "weft tasks --queue squares --state dead", "weft tasks --state dead --error 'out of memory'",
            "weft tasks --group 1 --oldest --limit 1000 --json");

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var tasks = ReadAsync(flags, api, stop);
        if (flags.WantsJson())
        {
            await foreach (var task in tasks.TakeWhile(static _ => StandardStreams.OutputFailure is null))
            {
                JsonOutput.Print(task, WireJson.Default.TaskInfo);
            }
        }
        else Print(await tasks.ToListAsync(stop));
        return ExitCode.Ok;
    }

    private static async IAsyncEnumerable<TaskInfo> ReadAsync(ParseResult flags, RemoteApi api,
        [EnumeratorCancellation] CancellationToken stop)
    {
        var left = flags.GetValue(Limit);
        string? after = null;
        do
        {
            var page = await api.GetAsync("tasks?" + Query(flags, Math.Min(left, PageMax), after),
                WireJson.Default.TaskList, stop);
            foreach (var task in page.Tasks) yield return task;
            (left, after) = (left - page.Tasks.Count, page.Next);
        }
        while (left > 0 && after is not null);
    }

    private static string Query(ParseResult flags, int limit, string? after)
    {
        (string Name, string? Value)[] members =
        [
            ("state", flags.GetValue(State)), ("queue", flags.GetValue(Queue)),
                ("group", flags.GetValue(Group)?.ToString(CultureInfo.InvariantCulture)),
            ("type", flags.GetValue(Type)), ("worker", flags.GetValue(Worker)),
            ("priority", flags.GetValue(Priority)?.ToString(CultureInfo.InvariantCulture)),
            ("submittedAfter", flags.GetValue(SubmittedAfter)), ("submittedBefore", flags.GetValue(SubmittedBefore)),
            ("finishedAfter", flags.GetValue(FinishedAfter)), ("finishedBefore", flags.GetValue(FinishedBefore)),
            ("error", flags.GetValue(Error)), ("payload", flags.GetValue(Payload)),
            ("order", flags.GetValue(Oldest) ? "oldest" : "newest"),
            ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("after", after),
        ];
        return string.Join('&', members.Where(static member => member.Value is not null)
            .Select(static member => $"{member.Name}={Uri.EscapeDataString(member.Value!)}"));
    }

    private static Option<string?> Text(string name, string description, string unit) =>
        new(name) { Description = description, HelpName = unit };

    private static void Print(IReadOnlyList<TaskInfo> tasks)
    {
        var table = new TextTable("ID", "QUEUE", "TYPE", "STATE", "ATTEMPT", "SUBMITTED", "WORKER", "ERROR");
        foreach (var task in tasks)
        {
            table.Add(task.Id, task.Queue, task.Type, task.State, task.Attempt, IsoTime.Of(task.SubmittedAt),
                task.WorkerId, task.Error);
        }
        table.Print("tasks");
    }
}
