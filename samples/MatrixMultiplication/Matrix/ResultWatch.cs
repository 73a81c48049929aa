namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// The main program's side of a submitted task: asks for its result until there is one. Some tasks at a time are waited
/// for at the coordinator; <c>poll</c> is the time between two questions about the others.
/// </summary>
public sealed class ResultWatch(Coordinator coordinator, TimeSpan poll, TimeProvider time)
{
    // A browser grants an origin six connections, and a worker's tab needs one, too.
    private const int HeldMax = 2;

    private int _held;

    /// <summary>Reports each state that the task is seen in, the final one last.</summary>
    public async Task FollowAsync(int taskId, IProgress<TaskSighting> sightings, CancellationToken stop)
    {
        // The first look is answered at once, so that there is something to see.
        for (var isFirst = true; ; isFirst = false)
        {
            var waits = !isFirst && _held < HeldMax;
            if (waits) _held++;
            var seen = await LookAsync(taskId, waits, stop);
            if (waits) _held--;
            sightings.Report(seen);
            if (seen.IsFinal) return;
            if (!waits || seen.State is SightingState.Away)
            {
                await Task.Delay(isFirst ? TimeSpan.Zero : poll, time, stop);
            }
        }
    }

    private async Task<TaskSighting> LookAsync(int taskId, bool waits, CancellationToken stop)
    {
        try
        {
            return Describe(taskId, await coordinator.ReadAsync(taskId, waits, stop));
        }
        catch (CoordinatorException refused) when (refused.NeedsToken)
        {
            return new(taskId, SightingState.Unknown, refused.Message);
        }
        catch (CoordinatorException away)
        {
            return new(taskId, SightingState.Away, $"{away.Message} Still trying.");
        }
    }

    private static TaskSighting Describe(int taskId, TaskReport? report) => report?.State switch
    {
        null => new(taskId, SightingState.Unknown, "The coordinator no longer knows this task."),
        "ready" or "scheduled" => new(taskId, SightingState.Waiting, "Waiting for a worker: is one open?"),
        "leased" => new(taskId, SightingState.Computing, "Being computed"),
        "dead" => new(taskId, SightingState.Failed, $"Failed: {report.Error}"),
        "cancelled" => new(taskId, SightingState.Cancelled, "Cancelled"),
        "completed" => Describe(taskId, MatrixAnswer.From(report.Result ?? default)),
        var state => new(taskId, SightingState.Away, $"The coordinator gave an unknown state: {state}. Still trying."),
    };

    private static TaskSighting Describe(int taskId, MatrixAnswer answer) => answer.IsError
        ? new(taskId, SightingState.Failed, answer.Text)
        : new(taskId, SightingState.Completed, "Done", answer.Text);
}

/// <summary>A task as it was seen once: a state, a sentence for a person, and the product when there is one.</summary>
public sealed record TaskSighting(int TaskId, SightingState State, string Text, string Product = "")
{
    /// <summary>Whether asking again is of no use.</summary>
    public bool IsFinal => State >= SightingState.Completed;
}

/// <summary>
/// The states of a task in the eyes of the main program; from <see cref="Completed"/> on they are final.
/// </summary>
public enum SightingState
{
    Waiting,
    Computing,
    Away,
    Completed,
    Failed,
    Cancelled,
    Unknown,
}
