using System.Text.Json;

namespace Weft.EndToEnd.OldClients;

/// <summary>The main program that can't be changed any more, as far as a coordinator can observe it.</summary>
internal sealed class OldMainProgram(Uri address, TimeSpan pollInterval) : IDisposable
{
    private readonly OldWire wire = new(address, pollInterval);

    public async Task<int[][]> MultiplyAsync(int[][] a, int[][] b, CancellationToken stop)
    {
        var taskId = await SubmitAsync(Matrix.Format(a), Matrix.Format(b), stop);
        while (true)
        {
            var result = await LookAsync(taskId, stop);
            if (result is not null) return Matrix.Parse(result);
            await wire.PauseAsync(stop);
        }
    }

    public void Dispose() => wire.Dispose();

    private async Task<int> SubmitAsync(string a, string b, CancellationToken stop)
    {
        var (code, body) = await wire.PostAsync("/task", new { A = a, B = b }, stop);
        if (code != "200") throw new InvalidOperationException($"The main program gave up: {code} {body}");
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.GetProperty("taskId").GetInt32();
    }

    private async Task<string?> LookAsync(int taskId, CancellationToken stop)
    {
        var (code, body) = await wire.GetAsync($"/result/{taskId}", stop);
        if (code != "200") throw new InvalidOperationException($"The main program gave up: {code} {body}");
        using var answer = JsonDocument.Parse(body);
        var status = answer.RootElement.GetProperty("status").GetString();
        var result = answer.RootElement.GetProperty("result").GetString();
        if (status is "pending" or "processing" || string.IsNullOrEmpty(result)) return null;
        return status == "completed"
            ? result
            : throw new InvalidOperationException($"The main program gave up: {body}");
    }
}
