using System.CommandLine;
using Weft.Client.Frozen;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Serve;

namespace Weft.Demo;

/// <summary><c>weft demo</c>: a coordinator, its workers and a main program in one process, on real input.</summary>
internal static class DemoCommand
{
    private const int WorkersMax = 64;
    private const int TasksMax = 100_000;

    public static Command Create()
    {
        var workers = NumberOption.WithDefault("--workers", "Number of workers", 4, 1, WorkersMax);
        var tasks = NumberOption.WithDefault("--tasks", "Number of multiplications", 200, 1, TasksMax);
        var seed = NumberOption.WithDefault("--seed", "Seed of the random matrices", 1, int.MinValue, int.MaxValue);
        var command = new Command("demo",
            "Run a temporary coordinator and workers in this process, multiply random matrices, and check every " +
            "product.") { workers, tasks, seed };
        command.SetAction((flags, _) =>
            RunAsync(new(flags.GetValue(workers), flags.GetValue(tasks), flags.GetValue(seed))));
        return command.WithExamples("weft demo", "weft demo --workers 8 --tasks 1000");
    }

    private static async Task<int> RunAsync(DemoOptions options)
    {
        using var interrupt = new Interrupt();
        using var folder = new DemoFolder();
        var tally = new DemoTally(options.Tasks);
        await using var coordinator = await Coordinator.StartAsync(new() { Port = 0, Data = folder.Path });
        try
        {
            await DemoProgress.ShowAsync(tally, () => new DemoRun(coordinator.Url, options, tally)
                .RunAsync(interrupt.Token));
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            throw new CommandFailure($"Stopped after {tally.Done} of {options.Tasks} products.");
        }
        catch (Exception exception) when (exception is FrozenException or HttpRequestException or TaskCanceledException)
        {
            throw new CommandFailure(
                $"The demo failed after {tally.Done} of {options.Tasks} products: {exception.Message}");
        }
        finally
        {
            await coordinator.StopAsync();
        }

        tally.Print(Console.Out);
        return tally.Right == options.Tasks ? ExitCode.Ok : ExitCode.Failed;
    }
}
