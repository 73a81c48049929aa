using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft tasks</c>: lists tasks by state, queue, group, worker, time and text.</summary>
internal static class TasksCommand
{
    private const int PageMax = 1_000;

    private static readonly Option<bool> Oldest = new("--oldest") { Description = "List the oldest tasks first" };
    private static readonly Option<int> Limit = NumberOption.WithDefault("--limit", "Maximum number to list", 100, 1,
        int.MaxValue);

    public static Command Create()
    {
        var command = new Command("tasks", "List tasks, newest first.");
        TaskFilterOptions.AddTo(command);
        command.Options.Add(Oldest);
        command.Options.Add(Limit);
        return command.Remote(RunAsync).WithExamples(
            "weft tasks --queue squares --state dead", "weft tasks --state dead --error 'out of memory'",
            "weft tasks --group 1 --oldest --limit 1000 --json");
    }

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
            .. TaskFilterOptions.Query(flags),
            ("order", flags.GetValue(Oldest) ? "oldest" : "newest"),
            ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("after", after),
        ];
        return string.Join('&', members.Where(static member => member.Value is not null)
            .Select(static member => $"{member.Name}={Uri.EscapeDataString(member.Value!)}"));
    }

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
