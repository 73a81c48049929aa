using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// <c>weft cancel</c>, <c>delete</c>, <c>priority</c> and <c>retry</c>: tasks by their ids, or all that match.
/// </summary>
internal static class ManyCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only count the tasks" };
    private static readonly Argument<long[]> Ids = TaskIds.Argument(ArgumentArity.ZeroOrMore);

    public static Command CreateCancel() => Create(
        OperationActions.Cancel,
        "Cancel unfinished tasks, by id or all that match; a worker that is running one is notified.",
        "--all", "Every unfinished task in every queue", TaskVerbCommand.RunAsync)
        .WithExamples("weft cancel 7 8 9", "weft cancel --queue squares --type draft", "weft cancel --all --dry-run");

    public static Command CreateRetry() => Create(
        OperationActions.Retry,
        "Make dead tasks ready again with their full number of attempts, by id or all that match.",
        "--all-dead", "Every dead task in every queue", TaskVerbCommand.RunAsync)
        .WithExamples("weft retry 7 8", "weft retry --queue squares --error 'out of memory'", "weft retry --all-dead");

    public static Command CreateDelete() => Create(
        OperationActions.Delete, "Delete finished tasks with their results, by id or all that match.",
        "--all", "Every finished task in every queue", null)
        .WithExamples(
            "weft delete 7 8", "weft delete --state completed --finished-before 2030-01-31T12:00:00Z",
            "weft delete --all --dry-run");

    public static Command CreatePriority()
    {
        var value = new Argument<long>("value")
        {
            Description = $"The new priority, {Core.Limits.PriorityMin} to {Core.Limits.PriorityMax}",
        };
        return Create(
            OperationActions.Priority, "Give unfinished tasks another priority, by id or all that match.",
            "--all", "Every unfinished task in every queue", null, value)
            .WithExamples("weft priority 50 7 8", "weft priority -- -50 7", "weft priority 10 --queue squares");
    }

    /// <param name="oneByOne">What to do with ids; null: start an operation.</param>
    private static Command Create(
        string action, string description, string allName, string allDescription,
        Func<string, long[], bool, RemoteApi, CancellationToken, Task<int>>? oneByOne, Argument<long>? value = null)
    {
        var all = new Option<bool>(allName) { Description = allDescription };
        var command = new Command(action, description);
        if (value is not null) command.Arguments.Add(value);
        command.Arguments.Add(Ids);
        TaskFilterOptions.AddTo(command);
        command.Options.Add(all);
        command.Options.Add(DryRun);
        return command.Remote((flags, api, stop) =>
        {
            var ids = flags.GetValue(Ids) ?? [];
            var (isFiltered, isDry) = (TaskFilterOptions.AreGiven(flags), flags.GetValue(DryRun));
            var ways = (ids.Length > 0 ? 1 : 0) + (isFiltered ? 1 : 0) + (flags.GetValue(all) ? 1 : 0);
            if (ways != 1) throw new UsageFailure($"Give task ids, filter options, or {allName}.");
            if (ids.Length > 0 && oneByOne is not null && !isDry)
            {
                return oneByOne(action, ids, flags.WantsJson(), api, stop);
            }

            var request = new OperationRequest(
                action, ids.Length > 0 ? null : TaskFilterOptions.Read(flags), ids.Length > 0 ? ids : null,
                value is null ? null : ReadPriority(flags.GetValue(value)));
            var run = new OperationRun(api, flags.WantsJson(), ProgressLine.OnTerminal());
            return isDry ? run.CountAsync(request, stop) : run.RunAsync(request, stop);
        });
    }

    private static int ReadPriority(long value) =>
        value is >= Core.Limits.PriorityMin and <= Core.Limits.PriorityMax
            ? (int)value
            : throw new UsageFailure(
                $"'{value}' is not a number from {Core.Limits.PriorityMin} to {Core.Limits.PriorityMax}.");
}
