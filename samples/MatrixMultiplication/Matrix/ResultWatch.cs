namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// The main program's side of a submitted task: asks for its result until there is one; <c>poll</c> is the time between an
/// answer and the next question.
/// </summary>
public sealed class ResultWatch(Coordinator coordinator, TimeSpan poll, TimeProvider time)
{
    /// <summary>Reports each state that the task is seen in, the final one last.</summary>
    public async Task FollowAsync(int taskId, IProgress<TaskSighting> sightings, CancellationToken stop)
    {
        while (true)
        {
            var seen = await LookAsync(taskId, stop);
            sightings.Report(seen);
            if (seen.IsFinal) return;
            await Task.Delay(poll, time, stop);
        }
    }

    private async Task<TaskSighting> LookAsync(int taskId, CancellationToken stop)
    {
        try
        {
            return Describe(taskId, await coordinator.ReadAsync(taskId, stop));
        }
        catch (CoordinatorException away)
        {
            return new(taskId, SightingState.Away, $"{away.Message} Still trying.");
        }
    }

    private static TaskSighting Describe(int taskId, TaskReport? report) => report?.Status switch
    {
        null => new(taskId, SightingState.Unknown, "The coordinator no longer knows this task."),
        "pending" => new(taskId, SightingState.Waiting, "Waiting for a worker"),
        "processing" => new(taskId, SightingState.Computing, "Being computed"),
        "failed" => new(taskId, SightingState.Failed, "Failed: no worker could finish it."),
        "cancelled" => new(taskId, SightingState.Cancelled, "Cancelled"),
        "completed" => Describe(taskId, MatrixAnswer.From(report.Result)),
        var status => new(taskId, SightingState.Away, $"The coordinator gave an unknown status: {status}. Still trying."),
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

/// <summary>The states of a task in the eyes of the main program; from <see cref="Completed"/> on they are final.</summary>
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
