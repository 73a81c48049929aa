using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Text;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft board</c>: the names of the volunteers.</summary>
internal static class BoardCommand
{
    public static Command Create()
    {
        var worker = new Argument<string>("worker")
        {
            Description = "The worker's id, as shown by 'weft board', such as w-7f3a90c2",
        };
        return new Command("board", "List the volunteers' names and how much each has computed.")
        {
            new Command("remove", "Remove a name from the board permanently (needs an admin token if tokens are " +
                "required).") { worker }
                .Does((flags, api, stop) => RemoveAsync(flags, api, flags.GetRequiredValue(worker), stop))
                .WithExamples("weft board remove w-7f3a90c2"),
        }.Remote(ListAsync).WithExamples("weft board", "weft board remove w-7f3a90c2");
    }

    private static async Task<int> ListAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var board = await api.GetAsync("board", WireJson.Default.Board, stop);
        if (!board.On) throw new CommandFailure(
            "This coordinator has no board. Its operator turns it on with weft serve --board.");
        if (flags.WantsJson())
        {
            JsonOutput.Print(board.Names, WireJson.Default.BoardEntry);
            return ExitCode.Ok;
        }

        var table = new TextTable("WORKER", "TASKS", "COMPUTED", "SINCE", "NAME");
        foreach (var entry in board.Names)
        {
            table.Add(entry.Worker, entry.Tasks, DurationText.Of(entry.ComputeSeconds), IsoTime.Of(entry.Since),
                entry.Name);
        }

        table.Print("names on the board");
        return ExitCode.Ok;
    }

    private static async Task<int> RemoveAsync(
        ParseResult flags, RemoteApi api, string worker, CancellationToken stop)
    {
        var gone = await api.DeleteAsync(
            $"board/{Uri.EscapeDataString(worker)}", WireJson.Default.BoardName, stop);
        if (flags.WantsJson()) JsonOutput.Print(gone, WireJson.Default.BoardName);
        else Console.Error.WriteLine($"{gone.Worker} is off the board.");
        return ExitCode.Ok;
    }
}
