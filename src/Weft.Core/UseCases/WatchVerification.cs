using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>What a queue's results are promised to be, and what they were found to be.</summary>
/// <param name="Policy">What is asked of them; null: nothing, now or lately.</param>
/// <param name="Sample">What became of the newest.</param>
/// <param name="CopiesPredicted">
/// How often each task is computed while nobody lies, by workers that have answered as much as these; null: none have.
/// </param>
/// <param name="Waiting">Tasks that have an answer and wait for a check.</param>
/// <param name="Reasons">Why the oldest of them wait, and how many for each reason.</param>
/// <param name="Workers">How many are known, and as what.</param>
/// <param name="Suspects">Workers that were barred, or at fault: the worst first.</param>
public sealed record QueueVerification(
    VerificationPolicy? Policy, VerifiedSample Sample, double? CopiesPredicted, long Waiting,
    IReadOnlyList<(string Detail, int Tasks)> Reasons, WorkerNames Workers, IReadOnlyList<Suspect> Suspects);

/// <summary>How many workers of a queue are what, of those seen last.</summary>
/// <param name="Seen">All of them.</param>
/// <param name="Elders">Those whose word decides where answers differ.</param>
/// <param name="Trusted">Those that the operator vouches for.</param>
/// <param name="Barred">Those that get no more verified tasks.</param>
/// <param name="Audited">Those whose earlier results are being looked at again.</param>
public readonly record struct WorkerNames(int Seen, int Elders, int Trusted, int Barred, int Audited);

/// <summary>A worker that gave other answers than were believed, under names that tell nothing else.</summary>
public sealed record Suspect(string Worker, string Network, WorkerStanding Known);

/// <summary>Shows what verification does in a queue, at a bounded cost.</summary>
public sealed class WatchVerification(
    ITaskStore tasks, IVerificationStore store, ExplainTask explain, ProveWorkers workers, TimeProvider time)
{
    /// <summary>How it is now.</summary>
    /// <param name="caller">Who asks: one that sees all tasks.</param>
    /// <param name="queue">Any, also one that verifies nothing.</param>
    public async Task<QueueVerification> LookAsync(Caller caller, string queue)
    {
        var sample = await store.SampleAsync(queue);
        var policy = await store.FindQueuePolicyAsync(queue) ?? sample.Policy;
        var standings = await store.ListStandingsAsync(queue, Limits.VerifyStandingsMax);
        var strangers = standings.Where(static known => !known.IsTrusted && known.Given > 0).ToArray();
        double? copies = policy is null || strangers.Length == 0 ? null
            : VerificationRules.PredictedCopies(policy, strangers.Average(static known => known.Given));
        var counted = (await tasks.CountAsync()).FirstOrDefault(counts => counts.Queue == queue);
        var waiting = counted?.Counts.Checking ?? 0;
        return new(
            policy, sample, copies, waiting, waiting == 0 ? [] : await ExplainAsync(caller, queue),
            Count(policy, standings), await NameAsync(standings));
    }

    private async Task<IReadOnlyList<(string Detail, int Tasks)>> ExplainAsync(Caller caller, string queue)
    {
        var oldest = await tasks.ListAsync(
            new(TaskState.Checking, queue), after: null, Limits.VerifyWaitingExplained, CancellationToken.None);
        var reasons = new List<string>();
        foreach (var task in oldest.Tasks)
        {
            // By now it may be decided.
            if (await explain.RunAsync(caller, task.Id) is not { State: TaskState.Checking } found) continue;
            reasons.AddRange(found.Reasons.Select(static reason => reason.Detail));
        }

        return [.. reasons.CountBy(static detail => detail).Select(static pair => (pair.Key, pair.Value))];
    }

    private WorkerNames Count(VerificationPolicy? policy, IReadOnlyList<WorkerStanding> standings)
    {
        var since = time.GetUtcNow() - Limits.VerifySeenTime;
        var median = new QueueWorkers(standings
            .Where(known => known.SeenAt >= since && !known.Standing.IsBarred)
            .Select(static known => new SeenWorker(
                known.Identity, known.Network, known.Standing.Settled, known.IsTrusted))).MedianAnswers;
        var pool = new VerificationPool(median, HasElder: false, HasTrusted: false);
        return new(
            standings.Count,
            policy is null ? 0 : standings.Count(known =>
                !known.IsTrusted && VerificationRules.IsElder(policy, known.Standing, pool)),
            standings.Count(static known => known.IsTrusted),
            standings.Count(static known => known.Standing.IsBarred),
            standings.Count(static known => known.AuditsLeft > 0));
    }

    private async Task<IReadOnlyList<Suspect>> NameAsync(IReadOnlyList<WorkerStanding> standings)
    {
        var suspects = standings.Where(static known => known.Standing is { IsBarred: true } or { Faults: > 0 })
            .OrderByDescending(static known => known.Standing.IsBarred)
            .ThenByDescending(static known => known.Standing.Faults)
            .Take(Limits.VerifySuspectsShown).ToArray();
        if (suspects.Length == 0) return [];
        var keys = await workers.KeysAsync();
        return [.. suspects.Select(known => new Suspect(
            PublicNames.Of(keys, known.Identity), PublicNames.Of(known.Network), known))];
    }
}
