using Weft.Contracts;

namespace Weft.Client;

/// <summary>A task that somebody waited for is dead or cancelled: it will have no result.</summary>
public sealed class TaskNotCompletedException : Exception
{
    internal TaskNotCompletedException(TaskInfo task)
        : base(task.Error is null
            ? $"Task {task.Id} is {task.State}."
            : $"Task {task.Id} is {task.State}: {task.Error}") => Task = task;

    /// <summary>The whole record.</summary>
    public TaskInfo Task { get; }
}
