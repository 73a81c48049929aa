using System.CommandLine;
using Weft.Cli.Help;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft retry</c>: tasks by their ids, all the dead ones of a queue, or all the dead ones.</summary>
internal static class RetryCommand
{
    private const int PageMax = 1_000;

    private static readonly Argument<long[]> Ids = TaskIds.Argument(ArgumentArity.ZeroOrMore);
    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = "Every dead task in this queue",
        HelpName = "name",
    };
    private static readonly Option<long?> Group = NumberOption.Optional("--group", "Every dead task in this group", 1,
        long.MaxValue, "id");
    private static readonly Option<bool> AllDead = new("--all-dead") { Description = "Every dead task in every queue" };

    public static Command Create() =>
        new Command("retry",
            "Make dead tasks ready again with their full number of attempts: by id, or all in a queue or group.") { Ids,
            Queue, Group, AllDead }
            .Remote(RunAsync).WithExamples("weft retry 7 8", "weft retry --queue squares", "weft retry --all-dead");

    private static Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var (ids, queue, group) = (flags.GetValue(Ids) ?? [], flags.GetValue(Queue), flags.GetValue(Group));
        var ways = (ids.Length > 0 ? 1 : 0) + (queue is not null || group is not null ? 1 : 0) +
            (flags.GetValue(AllDead) ? 1 : 0);
        if (ways != 1) throw new UsageFailure("Give task ids, or exactly one of --queue, --group and --all-dead.");
        if (ids.Length > 0) return TaskVerbCommand.RunAsync("retry", ids, flags.WantsJson(), api, stop);
        var filter =
            (queue is null ? "" : $"&queue={Uri.EscapeDataString(queue)}") + (group is null ? "" : $"&group={group}");
        return RetryAllAsync(filter, flags.WantsJson(), api, stop);
    }

    private static async Task<int> RetryAllAsync(string filter, bool json, RemoteApi api, CancellationToken stop)
    {
        var (retried, failed, after) = (0L, 0L, (string?)null);
        do
        {
            var page = await api.GetAsync(
                $"tasks?state=dead&order=oldest&limit={PageMax}{filter}" +
                (after is null ? "" : $"&after={Uri.EscapeDataString(after)}"), WireJson.Default.TaskList, stop);
            foreach (var task in page.Tasks)
            {
                try
                {
                    var now = await api.PostAsync($"tasks/{task.Id}/retry", WireJson.Default.TaskInfo, stop);
                    if (json) JsonOutput.Print(now, WireJson.Default.TaskInfo);
                    retried++;
                }
                catch (RefusedFailure refused)
                    when (refused.Code is ProblemCodes.TaskNotDead or ProblemCodes.TaskNotFound)
                {
                    // Somebody else was quicker, or retention was.
                }
                catch (RefusedFailure refused)
                {
                    Console.Error.WriteLine($"weft: Task {task.Id}: {refused.Message}");
                    failed++;
                }
            }

            after = page.Next;
        }
        while (after is not null);

        if (!json) Console.Out.WriteLine($"{Counted.Of(retried, "dead task")} made ready again.");
        return failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
