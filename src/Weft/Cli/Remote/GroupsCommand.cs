using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// <c>weft groups</c>: lists groups, including the runs of <c>weft map</c>, newest first; seals or cancels one.
/// </summary>
internal static class GroupsCommand
{
    private const int PageMax = 100;

    private static readonly Option<int> Limit = NumberOption.WithDefault("--limit", "Maximum number to list", 20, 1,
        int.MaxValue);

    public static Command Create() =>
        new Command("groups",
            "List groups (such as 'weft map' runs) with task counts by state, newest first.")
        {
            Limit, Cancel(), Seal(),
        }.Remote(RunAsync).WithExamples("weft groups", "weft groups cancel 12", "weft groups seal 12");

    private static Command Cancel()
    {
        var id = Id();
        return new Command("cancel", "Cancel a group's unfinished tasks.") { id }.Does(async (flags, api, stop) =>
        {
            var number = flags.GetRequiredValue(id);
            var outcome = await PostAsync(api, number, "cancel", WireJson.Default.CancelOutcome, stop);
            if (flags.WantsJson()) JsonOutput.Print(outcome, WireJson.Default.CancelOutcome);
            else Console.Out.WriteLine($"Group {number}: {Counted.Of(outcome.Cancelled, "task")} cancelled.");
            return ExitCode.Ok;
        }).WithExamples("weft groups cancel 12");
    }

    private static Command Seal()
    {
        var id = Id();
        return new Command("seal", "Stop a group from accepting more tasks.") { id }.Does(async (flags, api, stop) =>
        {
            var group = await PostAsync(api, flags.GetRequiredValue(id), "seal", WireJson.Default.Group, stop);
            if (flags.WantsJson()) JsonOutput.Print(group, WireJson.Default.Group);
            else Console.Out.WriteLine($"Group {group.Id} accepts no more tasks.");
            return ExitCode.Ok;
        }).WithExamples("weft groups seal 12");
    }

    private static Argument<long> Id() => new("id") { Description = "The group's number, as shown by 'weft groups'" };

    private static async Task<T> PostAsync<T>(
        RemoteApi api, long id, string verb, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        try
        {
            return await api.PostAsync($"groups/{id}/{verb}", answer, stop);
        }
        catch (RefusedFailure refused) when (refused.Code == ProblemCodes.GroupNotFound)
        {
            throw new CommandFailure($"There is no group {id}: see 'weft groups'.");
        }
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var table = new TextTable("ID", "CREATED", "SCHEDULED", "READY", "LEASED", "COMPLETED", "DEAD",
            "CANCELLED", "NAME");
        var (left, after) = (flags.GetValue(Limit), (string?)null);
        do
        {
            var page = await api.GetAsync(
                $"groups?limit={Math.Min(left, PageMax)}" +
                (after is null ? "" : $"&after={Uri.EscapeDataString(after)}"), WireJson.Default.GroupList, stop);
            if (flags.WantsJson()) JsonOutput.Print(page.Groups, WireJson.Default.Group);
            else foreach (var group in page.Groups) Add(table, group);
            (left, after) = (left - page.Groups.Count, page.Next);
        }
        while (left > 0 && after is not null && StandardStreams.OutputFailure is null);

        if (!flags.WantsJson()) table.Print("groups");
        return ExitCode.Ok;
    }

    private static void Add(TextTable table, Group group)
    {
        var counts = group.Counts;
        table.Add(group.Id, IsoTime.Of(group.CreatedAt), counts.Scheduled, counts.Ready, counts.Leased,
            counts.Completed, counts.Dead, counts.Cancelled, group.Name);
    }
}
