using System.Text.Json;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Crashes;

/// <summary>Submitters and workers that write everything down, and run until the coordinator is gone.</summary>
internal sealed class CrashLoad(Uri address, CrashLedger ledger)
{
    private const int SubmitterCount = 2;
    private const int WorkerCount = 3;

    /// <summary>Ends when every loop has lost its connection.</summary>
    public Task RunAsync() => Task.WhenAll(
        [.. Enumerable.Range(0, SubmitterCount).Select(_ => UntilGoneAsync(SubmitAsync)),
         .. Enumerable.Range(0, WorkerCount)
             .Select(number => UntilGoneAsync(wire => WorkAsync(wire, $"worker-{number}", waitSeconds: 1)))]);

    /// <returns>False when there was no work.</returns>
    public async Task<bool> WorkAsync(Wire wire, string workerId, int waitSeconds)
    {
        var claim = await wire.ClaimAsync(workerId, waitSeconds);
        if (claim is null) return false;
        ledger.HandedOut(claim.TaskId, claim.Data);

        // Each result is unlike all others, so that a mixed-up or replaced one shows.
        var body = JsonSerializer.Serialize(new { result = $"{claim.TaskId} by {workerId}: {Guid.NewGuid()} \"\n" });
        var result = body["{\"result\":".Length..^1];
        ledger.SendingResult(claim.TaskId, result);
        await wire.CompleteAsync(claim.TaskId, body);
        ledger.ResultAcknowledged(claim.TaskId, result);
        return true;
    }

    private async Task SubmitAsync(Wire wire)
    {
        var payload = $$"""{"key":"{{Guid.NewGuid()}}","filler":"{{new string('x', Random.Shared.Next(2_000))}}"}""";
        ledger.Sending(payload);
        ledger.Acknowledged(await wire.SubmitAsync(payload), payload);
    }

    private async Task UntilGoneAsync(Func<Wire, Task> step)
    {
        using var wire = new Wire(address);
        try
        {
            while (true) await step(wire);
        }
        catch (HttpRequestException)
        {
            ledger.Unanswered();
        }
    }
}
