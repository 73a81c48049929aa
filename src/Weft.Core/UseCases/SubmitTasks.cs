using Weft.Core.Access;
using Weft.Core.Matching;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Core.UseCases;

/// <summary>A client's idempotency key.</summary>
/// <param name="Text">As the client sent it.</param>
/// <param name="Fingerprint">A hash of everything submitted under it.</param>
public readonly record struct SubmitKey(string Text, ReadOnlyMemory<byte> Fingerprint);

/// <summary>One task of a batch.</summary>
/// <param name="Status">Whether it was stored, and why not.</param>
/// <param name="Id">0 if it wasn't stored.</param>
public readonly record struct SubmittedTask(SubmitStatus Status, TaskId Id);

/// <param name="Refused">Why the batch as a whole was refused; null when <paramref name="Tasks"/> has an outcome for
/// each task.</param>
public readonly record struct BatchOutcome(SubmitStatus? Refused, IReadOnlyList<SubmittedTask> Tasks);

/// <summary>Stores new tasks: in the queues of the caller's token, and in the caller's own groups.</summary>
public sealed class SubmitTasks(ITaskStore store, VerifyTasks? verify = null)
{
    private const int AloneAtOnceMax = 32;

    private static readonly Task<SubmitOutcome> QueueForbidden =
        Task.FromResult(new SubmitOutcome(SubmitStatus.QueueForbidden, []));

    public Task<SubmitOutcome> RunAsync(Caller caller, NewTask task, SubmitKey? key = null)
    {
        if (!caller.MayUse(task.Queue)) return QueueForbidden;
        return task is { Verify: { } policy, Module: { } module } && verify is not null
            ? VerifyAsync(caller, task, key, module, policy)
            : StoreAsync(caller, task, key);
    }

    private async Task<SubmitOutcome> VerifyAsync(
        Caller caller, NewTask task, SubmitKey? key, ModuleHash module, VerificationPolicy policy) =>
        await verify!.MayVerifyAsync(module, policy, CancellationToken.None)
            ? await StoreAsync(caller, task, key)
            : new(SubmitStatus.ModuleNotRepeatable, []);

    private Task<SubmitOutcome> StoreAsync(Caller caller, NewTask task, SubmitKey? key)
    {
        if (caller.IsUntokened) task = task with { Requires = Requirements.Untokened };
        var submission = new Submission([task], KeyOf(caller, key), caller.Owner, caller.ChangesOnly);
        return caller.ChangesOnly is not null && task.Group is { } group ? SubmitToAsync(group, caller, submission)
            : store.SubmitAsync(submission);
    }

    /// <summary>
    /// Stores the valid tasks. Each of the others has its own refusal, unless the batch as a whole is refused.
    /// </summary>
    public async Task<BatchOutcome> RunBatchAsync(Caller caller, IReadOnlyList<NewTask> tasks, SubmitKey? key)
    {
        var refused = await FindRefusedAsync(caller, tasks);
        IReadOnlyList<NewTask> allowed = refused is null ? tasks : [.. tasks.Where((_, i) => refused[i] is null)];
        if (caller.IsUntokened)
            allowed = [.. allowed.Select(static task => task with { Requires = Requirements.Untokened })];
        if (allowed.Count == 0) return new(null, Merge(refused, []));

        var submission = new Submission(allowed, KeyOf(caller, key), caller.Owner, caller.ChangesOnly);
        var outcome = await store.SubmitAsync(submission);
        // Which of them would fit doesn't matter: a client over its limit repeats the whole batch later.
        if (outcome.Status is SubmitStatus.KeyMismatch or SubmitStatus.OwnerFull) return new(outcome.Status, []);
        if (outcome.Ids.Count == allowed.Count)
            return new(null, Merge(refused, [.. outcome.Ids.Select(id => new SubmittedTask(outcome.Status, id))]));
        // The bytes are the same, but a runAt that was in the future the first time has passed: the ids can't be
        // matched to the tasks.
        if (outcome.Status == SubmitStatus.Repeated) return new(SubmitStatus.KeyMismatch, []);
        return new(null, Merge(refused, await SubmitOneByOneAsync(submission)));
    }

    private async Task<SubmitOutcome> SubmitToAsync(GroupId group, Caller caller, Submission submission) =>
        await IsOwnAsync(caller, group) ? await store.SubmitAsync(submission) : new(SubmitStatus.GroupNotFound, []);

    /// <summary>A refusal for each task that the caller may not submit; null when it may submit all.</summary>
    private async ValueTask<SubmitStatus?[]?> FindRefusedAsync(Caller caller, IReadOnlyList<NewTask> tasks)
    {
        SubmitStatus?[]? refused = null;
        // A batch often names the same group repeatedly, and a group's owner never changes.
        GroupId? own = null;
        for (var i = 0; i < tasks.Count; i++)
        {
            SubmitStatus? refusal = caller.MayUse(tasks[i].Queue) ? null : SubmitStatus.QueueForbidden;
            if (refusal is null && tasks[i] is { Verify: { } policy, Module: { } module } && verify is not null
                && !await verify.MayVerifyAsync(module, policy, CancellationToken.None))
            {
                refusal = SubmitStatus.ModuleNotRepeatable;
            }

            if (refusal is null && caller.ChangesOnly is not null && tasks[i].Group is { } group && group != own)
            {
                if (await IsOwnAsync(caller, group)) own = group;
                else refusal = SubmitStatus.GroupNotFound;
            }

            if (refusal is not null) (refused ??= new SubmitStatus?[tasks.Count])[i] = refusal;
        }

        return refused;
    }

    private async ValueTask<bool> IsOwnAsync(Caller caller, GroupId group) =>
        await store.FindGroupAsync(group) is { } found && caller.MayChange(found.Owner);

    /// <summary>
    /// A submission is stored whole or not at all: if one task can't be stored, each is submitted by itself. Few at a
    /// time: one client's bad batch must not fill the store's queue.
    /// </summary>
    private async Task<SubmittedTask[]> SubmitOneByOneAsync(Submission submission)
    {
        var submitted = new List<SubmittedTask>(submission.Tasks.Count);
        foreach (var few in submission.Tasks.Index().Chunk(AloneAtOnceMax))
        {
            submitted.AddRange(
                await Task.WhenAll(few.Select(task => SubmitAloneAsync(submission, task.Item, task.Index))));
        }

        return [.. submitted];
    }

    private async Task<SubmittedTask> SubmitAloneAsync(Submission submission, NewTask task, int i)
    {
        // Longer than any key of a request, so it can't collide with a client's own.
        var key = submission.Key is { } whole
            ? whole with { Text = $"{whole.Text.PadRight(Limits.IdempotencyKeyCharsMax)}#{i}" } : null;
        var outcome =
            await OutcomeUnknownGuard.RunAsync(store.SubmitAsync(submission with { Tasks = [task], Key = key }));
        return new(outcome.Status, outcome.Ids.Count > 0 ? outcome.Ids[0] : default);
    }

    private static SubmittedTask[] Merge(SubmitStatus?[]? refused, SubmittedTask[] submitted)
    {
        if (refused is null) return submitted;
        var next = 0;
        return Array.ConvertAll(refused, refusal => refusal is { } status ? new(status, default) : submitted[next++]);
    }

    private static IdempotencyKey? KeyOf(Caller caller, SubmitKey? key) =>
        key is { } given ? IdempotencyKey.Of(caller.Owner, given.Text, given.Fingerprint) : null;
}
