using System.Text.Json;
using Weft.Client;
using Weft.Client.Http;
using Weft.Client.Work;
using Weft.Contracts;

namespace Weft.Demo.Liars;

/// <summary>
/// A worker that multiplies. A dishonest one does so until it has a reputation; from then on it gives the same wrong
/// answer as the others: one cell is one too large. This is the worst case for the rule: honest first, then colluding.
/// </summary>
internal sealed class LiarsWorker(WeftClient client, int number, bool isLiar, LiarsOptions options, LiarsTally tally)
{
    private int _answers;

    /// <summary>Its public name; null until it has a key.</summary>
    public string? Name { get; private set; }

    public bool IsLiar => isLiar;

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var registered = await client.Api.SendAsync(
            new WeftRequest(HttpMethod.Post, "workers"), WireJson.Default.WorkerRegistered, stop);
        Name = registered.Worker;
        var worker = new WorkerOptions
        {
            WorkerId = $"demo-worker-{number}", Concurrency = 1, WorkerKey = registered.WorkerKey,
        };
        await new WorkerLoop(client, worker, AnswerAsync).RunAsync(stop, stop);
    }

    private Task<JsonElement> AnswerAsync(WorkerTask task, CancellationToken stop)
    {
        var factors = task.Payload.Deserialize(DemoJson.Default.DemoFactors)!;
        var product = DemoMatrix.Multiply(DemoMatrix.Parse(factors.A), DemoMatrix.Parse(factors.B));
        if (isLiar && ++_answers > options.HonestFirst) product[0][0]++;
        tally.Computed();
        return Task.FromResult(JsonSerializer.SerializeToElement(
            DemoMatrix.Format(product), DemoJson.Default.String));
    }
}
