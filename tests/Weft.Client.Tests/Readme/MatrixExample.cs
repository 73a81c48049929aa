using System.Text.Json.Serialization;
using Weft.Client;
using Weft.Client.Work;

namespace ReadmeExample;

/// <summary>The C# lines of docs/clients.md, as they stand there.</summary>
internal static class MatrixExample
{
    public static async Task RunAsync(Uri coordinator, TextWriter Console)
    {
        var weft = new WeftClient(coordinator);
        int[][] b = [[5, 6], [7, 8]], rows = [[1, 2], [3, 4]];
        var multiply = TaskHandlers.Typed(Matrices.Default.RowTask, Matrices.Default.Int32Array, (task, _, _) =>
            Task.FromResult(task.B[0].Select((_, j) => task.Row.Select((x, i) => x * task.B[i][j]).Sum()).ToArray()));

        using var stop = new CancellationTokenSource();
        var worker = new WorkerLoop(weft, new() { Queues = ["matrix"], Concurrency = 2 }, multiply);
        var working = worker.RunAsync(stop.Token);
        var tasks = rows.Select(row => new RowTask(row, b));
        await foreach (var row in weft.MapAsync(tasks, Matrices.Default.RowTask, Matrices.Default.Int32Array,
            new() { Submit = new() { Queue = "matrix" } })) Console.WriteLine(string.Join(' ', row.Output!));
        await stop.CancelAsync();
        await working;
    }
}

internal sealed record RowTask(int[] Row, int[][] B);

[JsonSerializable(typeof(RowTask))]
internal sealed partial class Matrices : JsonSerializerContext;
