using Weft.Contracts;

namespace Weft.Client;

/// <summary>The awaited task is dead or cancelled and will have no result.</summary>
public sealed class TaskNotCompletedException : Exception
{
    internal TaskNotCompletedException(TaskInfo task)
        : base(task.Error is null
            ? $"Task {task.Id} is {task.State}."
            : $"Task {task.Id} is {task.State}: {task.Error}") => Task = task;

    /// <summary>The task's whole record.</summary>
    public TaskInfo Task { get; }
}
