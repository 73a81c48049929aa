using Weft.Core.Access;
using Weft.Core.Explaining;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Workers;

namespace Weft.Core.UseCases;

/// <summary>
/// Explains why a task isn't running, to callers that may see it. A caller that sees only its own tasks gets no
/// information about workers other than the one that has the task.
/// </summary>
public sealed class ExplainTask(
    ITaskStore store, IVerificationStore verification, IStoreHealth health, WorkerDirectory workers, TimeProvider time)
{
    /// <returns>Null: the task doesn't exist.</returns>
    public async Task<Explanation?> RunAsync(Caller caller, TaskId id)
    {
        if (await store.FindStandingAsync(id) is not { } standing || !caller.Sees(standing.History.Owner)) return null;
        var known = TaskExplainer.AsksForWorkers(standing.History.Task.State) ? await workers.ListAsync() : [];
        var answers = standing.History.Task.State == TaskState.Checking
            ? await verification.ListAnswersAsync(id)
            : null;
        var isPaced = standing.History.Task is { State: TaskState.Ready, Requires.IsPaced: true };
        var standings = isPaced
            ? await verification.ListStandingsAsync(standing.History.Task.Queue, Limits.VerifyStandingsMax)
            : null;
        var explanation = new TaskExplainer(known, time.GetUtcNow())
            .Explain(standing, health.KnownTrouble, answers, standings);
        return caller.SeesOnly is null ? explanation : explanation with
        {
            Reasons = [.. explanation.Reasons.Select(static reason => reason.Code == ReasonCode.NoCapableWorker
                ? reason with { WorkerId = null, WorkerSeenAt = null }
                : reason)],
        };
    }
}
