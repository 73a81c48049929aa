using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// The parts of <c>weft show</c> that aren't in a task's record: its attempts, and why it isn't running.
/// </summary>
internal static class TaskAttempts
{
    /// <summary>Why an unfinished task isn't running, in one line; null for a finished one.</summary>
    public static async Task<string?> ExplainAsync(RemoteApi api, TaskInfo task, CancellationToken stop)
    {
        if (task.State is TaskStates.Completed or TaskStates.Dead or TaskStates.Cancelled) return null;
        var explanation = await FindAsync(api, $"tasks/{task.Id}/explain", WireJson.Default.TaskExplanation, stop);
        return explanation is null ? null : OneLine.Of(string.Join(' ', explanation.Reasons.Select(Describe)));
    }

    /// <summary>A line for each attempt, first to last.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(RemoteApi api, long id, CancellationToken stop)
    {
        var list = await FindAsync(api, $"tasks/{id}/attempts", WireJson.Default.AttemptList, stop);
        return list is null ? [] : [.. list.Attempts.Select(Describe)];
    }

    private static string Describe(TaskReason reason) => reason switch
    {
        { EstimateSeconds: { } seconds } => string.Create(
            CultureInfo.InvariantCulture, $"{reason.Detail} At the current rate, that takes about {seconds:N0} s."),
        { Code: ReasonCodes.Scheduled or ReasonCodes.BackingOff, Until: { } until } =>
            $"{reason.Detail} It is ready at {IsoTime.Of(until)}.",
        _ => reason.Detail,
    };

    private static string Describe(AttemptInfo attempt)
    {
        var end = attempt is { Outcome: { } outcome, EndedAt: { } endedAt }
            ? string.Create(
                CultureInfo.InvariantCulture, $"{outcome} after {(endedAt - attempt.ClaimedAt).TotalSeconds:0.###} s")
            : "is running";
        var error = attempt.Error is { } text ? $": {OneLine.OfError(text)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{attempt.Attempt}  {IsoTime.Of(attempt.ClaimedAt)}  {OneLine.Of(attempt.WorkerId)}  {end}{error}");
    }

    /// <summary>Null: the task has been deleted since, or the coordinator is older than this endpoint.</summary>
    private static async Task<T?> FindAsync<T>(
        RemoteApi api, string path, JsonTypeInfo<T> answer, CancellationToken stop)
        where T : class
    {
        try
        {
            return await api.GetAsync(path, answer, stop);
        }
        catch (RefusedFailure refused) when (refused.Code is ProblemCodes.TaskNotFound or ProblemCodes.NotFound)
        {
            return null;
        }
    }
}
