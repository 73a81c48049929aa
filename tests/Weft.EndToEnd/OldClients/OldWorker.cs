using System.Text.Json;

namespace Weft.EndToEnd.OldClients;

/// <summary>The worker that can't be changed any more, as far as a coordinator can observe it.</summary>
internal sealed class OldWorker(Uri address, string workerId, TimeSpan pollInterval) : IDisposable
{
    private readonly OldWire wire = new(address, pollInterval);

    /// <summary>
    /// Polls and multiplies until <paramref name="stop"/>; ends earlier only by an answer that it does not understand.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true) await StepAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The tab was closed.
        }
    }

    public void Dispose() => wire.Dispose();

    private async Task StepAsync(CancellationToken stop)
    {
        var (code, body) = await wire.GetAsync($"/task/next?workerId={workerId}", stop);
        switch (code)
        {
            case "200":
                await WorkAsync(body, stop);
                break;
            case "204":
                await wire.PauseAsync(stop);
                break;
            default:
                throw new InvalidOperationException($"The worker gave up: {code} {body}");
        }
    }

    private async Task WorkAsync(string body, CancellationToken stop)
    {
        using var task = JsonDocument.Parse(body);
        var taskId = task.RootElement.GetProperty("taskId").GetInt32();
        var data = task.RootElement.GetProperty("data");
        var a = Matrix.Parse(data.GetProperty("A").GetString()!);
        var b = Matrix.Parse(data.GetProperty("B").GetString()!);

        var result = Matrix.Format(Matrix.Multiply(a, b));
        var (code, answer) = await wire.PostAsync($"/task/{taskId}/result", new { result }, stop);
        if (code != "200") throw new InvalidOperationException($"The worker gave up: {code} {answer}");
    }
}
