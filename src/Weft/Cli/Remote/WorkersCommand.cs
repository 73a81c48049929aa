using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary><c>weft workers</c>: lists the workers seen since the coordinator's start.</summary>
internal static class WorkersCommand
{
    private const int TasksShownMax = 5;

    public static Command Create() =>
        new Command("workers", "List workers, most recently seen first.").Remote(RunAsync).WithExamples("weft workers");

    private static async Task<int> RunAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var workers = (await api.GetAsync("workers", WireJson.Default.WorkerList, stop)).Workers;
        if (flags.WantsJson()) JsonOutput.Print(workers, WireJson.Default.Worker);
        else Print(workers);
        return ExitCode.Ok;
    }

    private static void Print(IReadOnlyList<Worker> workers)
    {
        var table = new TextTable("WORKER", "NOW", "LAST-SEEN", "CLAIMED", "COMPLETED", "FAILED", "IN-HAND");
        foreach (var worker in workers)
        {
            table.Add(worker.Id, worker.Active ? "active" : "away", IsoTime.Of(worker.LastSeenAt), worker.Claimed,
                worker.Completed, worker.Failed, InHand(worker.Tasks));
        }

        table.Print("workers");
    }

    private static string InHand(IReadOnlyList<long> tasks) =>
        tasks.Count > TasksShownMax ? $"{string.Join(' ', tasks.Take(TasksShownMax))} …" : string.Join(' ', tasks);
}
