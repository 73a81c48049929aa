using Weft.Contracts;
using Weft.Core.Explaining;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>A task's attempts, and why it isn't running.</summary>
internal sealed class TaskHistoryEndpoints(ReadTasks read, ExplainTask explain, AccessControl access)
{
    private static readonly string[] Outcomes =
    [
        AttemptOutcomes.Completed, AttemptOutcomes.Failed, AttemptOutcomes.Lapsed, AttemptOutcomes.Released,
        AttemptOutcomes.Cancelled, AttemptOutcomes.Expired,
    ];

    private static readonly string[] Codes =
    [
        ReasonCodes.Paused, ReasonCodes.Scheduled, ReasonCodes.BackingOff, ReasonCodes.NoWorkerOnQueue,
        ReasonCodes.NoCapableWorker, ReasonCodes.Behind, ReasonCodes.Leased, ReasonCodes.StoreUnready,
        ReasonCodes.Finished, ReasonCodes.AwaitingCheck,
    ];

    public async Task ListAttemptsAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await read.FindHistoryAsync(access.CallerOf(context), new(id)) is not { } history)
        {
            await Problems.AnswerAsync(context, Problems.TaskNotFound);
            return;
        }

        // Each may have failed with a long error.
        var bytes = 2L * history.Attempts.Sum(static attempt => attempt.Error?.Length ?? 0);
        BodyShare.CoverAnswer(context, bytes);
        var list = new AttemptList([.. history.Attempts.Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.AttemptList);
    }

    public async Task ExplainAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await explain.RunAsync(access.CallerOf(context), new(id)) is not { } explanation)
        {
            await Problems.AnswerAsync(context, Problems.TaskNotFound);
            return;
        }

        var wire = new TaskExplanation(explanation.State.Text(), [.. explanation.Reasons.Select(ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, wire, WireJson.Default.TaskExplanation);
    }

    private static AttemptInfo ToWire(TaskAttempt attempt) => new(
        attempt.Attempt, attempt.WorkerId, attempt.ClaimedAt, attempt.EndedAt,
        attempt.Outcome is { } outcome ? Outcomes[(int)outcome] : null, attempt.Error);

    private static TaskReason ToWire(Reason reason) => new(
        Codes[(int)reason.Code], reason.Detail, reason.Since, reason.Until, reason.WorkerId, reason.WorkerSeenAt,
        reason.Missing is { Count: > 0 } ? reason.Missing : null, reason.Ahead, reason.More,
        reason.Estimate?.TotalSeconds);
}
