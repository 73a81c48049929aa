using System.CommandLine;
using Weft.Client;
using Weft.Client.Frozen;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Core;
using Weft.Demo.Liars;
using Weft.Serve;

namespace Weft.Demo;

/// <summary><c>weft demo</c>: a coordinator, its workers and a main program in one process, on real input.</summary>
internal static class DemoCommand
{
    private const int WorkersMax = 64;
    private const int TasksMax = 100_000;

    public static Command Create()
    {
        var workers = NumberOption.Optional(
            "--workers", "Number of workers [default: 4; with --liars 20]", 1, WorkersMax);
        var tasks = NumberOption.Optional(
            "--tasks", "Number of multiplications [default: 200; with --liars 2000]", 1, TasksMax);
        var liars = NumberOption.Optional(
            "--liars", "Verify results while this share of the workers gives the same wrong answers", 0,
            Limits.VerifyHostileMax, "share");
        var seed = NumberOption.WithDefault("--seed", "Seed of the random matrices", 1, int.MinValue, int.MaxValue);
        var command = new Command("demo",
            "Run a temporary coordinator and workers in this process, multiply random matrices, and check every " +
            "product.") { workers, tasks, seed, liars };
        command.SetAction((flags, _) => flags.GetValue(liars) is { } share
            ? LiarsAsync(LiarsOptions.Of(
                share, flags.GetValue(workers) ?? 20, flags.GetValue(tasks) ?? 2_000, flags.GetValue(seed)))
            : RunAsync(new(flags.GetValue(workers) ?? 4, flags.GetValue(tasks) ?? 200, flags.GetValue(seed))));
        return command.WithExamples(
            "weft demo", "weft demo --workers 8 --tasks 1000", "weft demo --liars 0.2");
    }

    private static async Task<int> LiarsAsync(LiarsOptions options)
    {
        var tally = new LiarsTally(options);
        await RunAsync(tally, "results", url => new LiarsRun(url, options, tally).RunAsync);
        tally.Print(Console.Out);
        return tally.IsKept ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> RunAsync(DemoOptions options)
    {
        var tally = new DemoTally(options.Tasks);
        await RunAsync(tally, "products", url => new DemoRun(url, options, tally).RunAsync);
        tally.Print(Console.Out);
        return tally.Right == options.Tasks ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task RunAsync(
        IDemoProgress progress, string what, Func<Uri, Func<CancellationToken, Task>> demo)
    {
        using var interrupt = new Interrupt();
        using var folder = new DemoFolder();
        await using var coordinator = await Coordinator.StartAsync(new() { Port = 0, Data = folder.Path });
        try
        {
            await DemoProgress.ShowAsync(progress, () => demo(coordinator.Url)(interrupt.Token));
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            throw new CommandFailure($"Stopped after {progress.Done} of {progress.Total} {what}.");
        }
        catch (Exception exception) when (exception is FrozenException or WeftException or HttpRequestException
            or TaskCanceledException)
        {
            throw new CommandFailure(
                $"The demo failed after {progress.Done} of {progress.Total} {what}: {exception.Message}");
        }
        finally
        {
            await coordinator.StopAsync();
        }
    }
}
