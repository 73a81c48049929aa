using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Crashes;

public sealed class CrashTests : IDisposable
{
    private const int RoundCount = 30;
    private const int AcknowledgementsPerRoundMax = 200;

    private static readonly TimeSpan RoundMax = TimeSpan.FromMinutes(2);

    private readonly CrashLedger ledger = new();
    private readonly Dictionary<long, string> resultsSeen = [];

    public void Dispose() => ledger.Dispose();

    [Fact]
    public async Task WhatWasAnswered200_IsThere_AfterThirtyCrashes()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--lease-seconds", "2");
        var load = new CrashLoad(coordinator.Address, ledger);

        for (var round = 0; round < RoundCount; round++)
        {
            await CrashUnderLoadAsync(coordinator, load);
            await coordinator.StartAsync();
            await AssertResultsAreThereAsync(coordinator.Wire, ledger.Completed.Keys.Except(resultsSeen.Keys));
        }

        await DrainAsync(coordinator.Wire, load);
        await AssertResultsAreThereAsync(coordinator.Wire, ledger.Submitted.Keys);
        ledger.AssertPayloadsAgree();
        await AssertCountsAgreeAsync(coordinator.Wire);
        AssertTheRunWasNotVacuous();
    }

    private async Task CrashUnderLoadAsync(CoordinatorProcess coordinator, CrashLoad load)
    {
        using var stop = new CancellationTokenSource(RoundMax, TimeProvider.System);
        var running = load.RunAsync();
        // A number of answers, not a time: the crash comes in the midst of work on a slow machine too.
        var enough = ledger.AwaitAcknowledgementsAsync(Random.Shared.Next(1, AcknowledgementsPerRoundMax), stop.Token);
        await await Task.WhenAny(enough, running);
        await coordinator.KillAsync();
        await running;
    }

    /// <summary>Works off every task that is left, those whose worker died with its lease included.</summary>
    private static async Task DrainAsync(Wire wire, CrashLoad load) =>
        await Eventually.SeeAsync("every task is finished", async () =>
    {
        while (await load.WorkAsync(wire, "drains", waitSeconds: 0)) { }
        // Both from one answer: between two, a lease may end, and its task would be in neither.
        return (await wire.GetAsync("/stats")).Json;
    }, stats => stats.GetProperty("pending").GetInt64() + stats.GetProperty("processing").GetInt64() == 0);

    private async Task AssertResultsAreThereAsync(Wire wire, IEnumerable<long> taskIds)
    {
        foreach (var taskId in taskIds)
        {
            var outcome = await wire.OutcomeAsync(taskId);
            Assert.True(outcome.Status == "completed", $"Task {taskId} should be completed and is {outcome}.");
            ledger.AssertResultWasSent(taskId, outcome.Result);
            resultsSeen.TryAdd(taskId, outcome.Result);
            Assert.Equal(resultsSeen[taskId], outcome.Result);
        }
    }

    private async Task AssertCountsAgreeAsync(Wire wire)
    {
        var total = await wire.StatAsync("totalTasks");
        Assert.Equal(total, await wire.StatAsync("completed"));
        // A submit without an answer happened once or not at all.
        Assert.InRange(total, ledger.Submitted.Count, ledger.SentCount);
    }

    private void AssertTheRunWasNotVacuous()
    {
        Assert.True(ledger.Submitted.Count > 10 * RoundCount, $"Only {ledger.Submitted.Count} submits.");
        Assert.True(ledger.Completed.Count > 10 * RoundCount, $"Only {ledger.Completed.Count} results.");
        Assert.True(ledger.UnansweredCount >= RoundCount, $"Only {ledger.UnansweredCount} operations were cut off.");
    }
}
