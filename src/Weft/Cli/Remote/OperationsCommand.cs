using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft operations</c>: lists bulk operations on tasks, and stops one.</summary>
internal static class OperationsCommand
{
    private const int PageMax = 1_000;

    private static readonly Argument<long?> Id = new("id")
    {
        Description = "Show only this operation",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<int> Limit = NumberOption.WithDefault("--limit", "Maximum number to list", 100, 1,
        int.MaxValue);

    public static Command Create() =>
        new Command("operations", "List bulk operations, newest first, or show one.")
        {
            Id, Limit, CreateStop(),
        }.Remote(RunAsync).WithExamples("weft operations", "weft operations 7", "weft operations stop 7");

    private static Command CreateStop()
    {
        var id = new Argument<long>("id") { Description = "The operation's number" };
        return new Command("stop", "Stop an operation; tasks that it has changed stay changed.") { id }
            .Does(async (flags, api, stop) =>
            {
                var path = $"operations/{flags.GetRequiredValue(id)}/cancel";
                var operation = await api.PostAsync(path, WireJson.Default.Operation, stop);
                if (flags.WantsJson()) JsonOutput.Print(operation, WireJson.Default.Operation);
                else Console.Out.WriteLine($"Operation {operation.Id} is {operation.State}.");
                return ExitCode.Ok;
            }).WithExamples("weft operations stop 7");
    }

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        if (flags.GetValue(Id) is { } id)
        {
            Print(flags, [await api.GetAsync($"operations/{id}", WireJson.Default.Operation, stop)]);
            return ExitCode.Ok;
        }

        var operations = new List<Operation>();
        var left = flags.GetValue(Limit);
        string? after = null;
        do
        {
            var page = await api.GetAsync(
                $"operations?limit={Math.Min(left, PageMax)}" +
                (after is null ? "" : $"&after={Uri.EscapeDataString(after)}"), WireJson.Default.OperationList, stop);
            operations.AddRange(page.Operations);
            (left, after) = (left - page.Operations.Count, page.Next);
        }
        while (left > 0 && after is not null && StandardStreams.OutputFailure is null);

        Print(flags, operations);
        return ExitCode.Ok;
    }

    private static void Print(ParseResult flags, IReadOnlyList<Operation> operations)
    {
        if (flags.WantsJson())
        {
            JsonOutput.Print(operations, WireJson.Default.Operation);
            return;
        }

        var table = new TextTable(
            "ID", "ACTION", "STATE", "LOOKED", "MATCHED", "CHANGED", "REFUSED", "STARTED", "ACTOR");
        foreach (var each in operations)
        {
            table.Add(each.Id, each.Action, each.State, each.Looked, each.Matched, each.Changed, each.Refused,
                IsoTime.Of(each.StartedAt), each.Actor);
        }

        table.Print("operations");
    }
}
