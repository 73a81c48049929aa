using System.Runtime.CompilerServices;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>An answer under names that tell nothing but whether two are the same.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Worker">Who gave it.</param>
/// <param name="Network">From where.</param>
/// <param name="ShowsHash">
/// Whether its hash may be seen: while a task is undecided, it could tell a worker what to answer.
/// </param>
public readonly record struct NamedAnswer(TaskAnswer Answer, string Worker, string Network, bool ShowsHash);

/// <summary>The answers to a task, for whoever may see it.</summary>
public sealed record NamedAnswers(
    VerificationPolicy? Policy, IReadOnlyList<NamedAnswer> Answers, IReadOnlyList<Correction> Corrections);

/// <summary>A receipt, with the same names.</summary>
/// <param name="Receipt">What a result rests on.</param>
/// <param name="Names">Worker and network of each supporter.</param>
public sealed record NamedReceipt(Receipt Receipt, IReadOnlyList<(string Worker, string Network)> Names);

/// <summary>Who has answered tasks whose results are verified, and which queues verify.</summary>
public sealed class VerifyTasks(
    ITaskStore tasks, IVerificationStore store, IModuleStore modules, ModuleJudge judge, ProveWorkers workers)
    : IDisposable
{
    private const int ReceiptsPage = 100;

    private readonly SemaphoreSlim _receipts = new(1);

    public void Dispose() => _receipts.Dispose();

    /// <summary>The answers to a task; null: there is none that the caller may see.</summary>
    public async Task<NamedAnswers?> ListAnswersAsync(Caller caller, TaskId id)
    {
        if (await tasks.FindAsync(id, TaskParts.Owner) is not { } task || !caller.Sees(task.Owner)) return null;
        var answers = await store.ListAnswersAsync(id);
        if (answers.Answers.Count == 0) return new(answers.Policy, [], []);
        var keys = await workers.KeysAsync();
        // As the task was before its answers were read: what was decided since shows its hashes the next time.
        var isDecided = task.Task.State.IsFinal;
        return new(answers.Policy, [.. answers.Answers.Select(answer => new NamedAnswer(
            answer, PublicNames.Of(keys, answer.Identity), PublicNames.Of(answer.Network), isDecided))],
            answers.Corrections);
    }

    /// <summary>A group's corrections: results that proved wrong. Null: no group that the caller may see.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="group">The group.</param>
    /// <param name="after">The last one that is known; 0 for none.</param>
    /// <param name="limit">How many at most.</param>
    public async Task<IReadOnlyList<Correction>?> ListCorrectionsAsync(
        Caller caller, GroupId group, long after, int limit) =>
        await MaySeeAsync(caller, group) ? await store.ListCorrectionsAsync(group, after, limit) : null;

    /// <summary>
    /// What became of a group's newest results; null: there is no group that the caller may see.
    /// </summary>
    public async Task<VerifiedSample?> SampleAsync(Caller caller, GroupId group) =>
        await MaySeeAsync(caller, group) ? await store.SampleAsync(group) : null;

    /// <summary>
    /// What a group's results rest on, page by page; null: there is no group that the caller may see.
    /// </summary>
    public async Task<IAsyncEnumerable<IReadOnlyList<NamedReceipt>>?> ListReceiptsAsync(
        Caller caller, GroupId group, CancellationToken stop) =>
        await MaySeeAsync(caller, group) ? ReadReceiptsAsync(group, await workers.KeysAsync(), stop) : null;

    /// <summary>When results of a queue's tasks are believed that don't say; null: at once.</summary>
    public Task<VerificationPolicy?> FindQueuePolicyAsync(string queue) => store.FindQueuePolicyAsync(queue);

    /// <summary>Says when they are. Null, or why that can't be.</summary>
    public async Task<SubmitStatus?> SetQueuePolicyAsync(
        string queue, VerificationPolicy policy, CancellationToken stop)
    {
        var named = await modules.ListQueueModulesAsync([queue]);
        if (named.TryGetValue(queue, out var call) && call.Module is { } hash
            && !await MayVerifyAsync(hash, policy, stop)) return SubmitStatus.ModuleNotRepeatable;
        await store.SetQueuePolicyAsync(queue, policy);
        return null;
    }

    /// <summary>Results of the queue are believed at once again; what was submitted stays as it is.</summary>
    public Task ClearQueuePolicyAsync(string queue) => store.SetQueuePolicyAsync(queue, null);

    /// <summary>
    /// Whether equal runs of a module give answers that can be compared. A module that isn't there is somebody else's
    /// to refuse.
    /// </summary>
    public async Task<bool> MayVerifyAsync(ModuleHash hash, VerificationPolicy policy, CancellationToken stop)
    {
        const ModuleVerdict Differs = ModuleVerdict.Relaxed | ModuleVerdict.Threads | ModuleVerdict.Unknown;
        if (policy.Compare is AnswerComparison.Numbers || await modules.FindAsync(hash) is not { } module) return true;
        if (module.Kind == ModuleKind.JavaScript) return false;
        if (module.Kind != ModuleKind.Wasm) return true;
        if (judge.Find(hash) is null) await judge.ReadAsync([module], stop);
        return judge.Find(hash) is not { } verdict || (verdict & Differs) == 0;
    }

    private async Task<bool> MaySeeAsync(Caller caller, GroupId group) =>
        await tasks.FindGroupAsync(group) is { } found && caller.Sees(found.Owner);

    private async IAsyncEnumerable<IReadOnlyList<NamedReceipt>> ReadReceiptsAsync(
        GroupId group, WorkerKeys keys, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var after = default(TaskId); ;)
        {
            stop.ThrowIfCancellationRequested();
            // One page for all callers at a time: it reads whole payloads and results, and others want a reader, too.
            await _receipts.WaitAsync(stop);
            ReceiptPage page;
            try
            {
                page = await store.ListReceiptsAsync(group, after, ReceiptsPage);
            }
            finally
            {
                _receipts.Release();
            }

            yield return [.. page.Receipts.Select(receipt => new NamedReceipt(
                receipt, [.. receipt.Supporters.Select(supporter =>
                    (PublicNames.Of(keys, supporter.Identity), PublicNames.Of(supporter.Network)))]))];
            if (page.IsLast) yield break;
            after = page.Last;
        }
    }
}
