using System.Text.Json.Serialization;
using Weft.Client;
using Weft.Client.Work;

// Not below Weft.Client: a stranger's program needs all of the README's lines.
namespace ReadmeExample;

/// <summary>The README's examples, as they stand there.</summary>
internal static class ReadmeExamples
{
    public static async Task<long> SubmitAndWaitAsync(Uri coordinator)
    {
        using var http = new HttpClient { BaseAddress = coordinator };
        var weft = new WeftClient(http);

        var id = await weft.SubmitAsync(12, Numbers.Default.Int32, new() { Queue = "squares", Priority = 5 });
        var square = await weft.WaitAsync(id, Numbers.Default.Int64);
        return square;
    }

    public static async Task WorkAsync(WeftClient weft, CancellationToken drain)
    {
        var squares = TaskHandlers.Typed(Numbers.Default.Int32, Numbers.Default.Int64,
            (number, task, cancellationToken) => Task.FromResult((long)number * number));
        var worker = new WorkerLoop(weft, new() { Queues = ["squares"], Concurrency = 4 }, squares);
        await worker.RunAsync(drain);
    }

    public static async Task MapAsync(WeftClient weft, TextWriter Console)
    {
        await foreach (var result in weft.MapAsync(Enumerable.Range(1, 1_000), Numbers.Default.Int32,
            Numbers.Default.Int64, new() { Submit = new() { Queue = "squares" } }))
        {
            Console.WriteLine(result.Error ?? $"{result.Input}² = {result.Output}");
        }
    }
}

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
internal sealed partial class Numbers : JsonSerializerContext;
