using System.Text.Json;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// Formats tasks and results for output. The state says whether there is a result: it may be JSON's null.
/// </summary>
internal static class TaskLines
{
    private static readonly JsonElement Null = JsonElement.Parse("null");

    /// <returns>Null: there is no result.</returns>
    public static JsonElement? ResultOf(string? state, JsonElement? result) =>
        state == TaskStates.Completed ? result ?? Null : null;

    /// <summary>The same task, with its result if it has one.</summary>
    public static TaskInfo WithResult(TaskInfo task) => task with { Result = ResultOf(task.State, task.Result) };

    /// <summary>A line for a task without a result, with its error in short.</summary>
    public static string Describe(long id, string? state, string? error) =>
        error is null
            ? $"Task {id} is {state}."
            : $"Task {id} is {state}: {OneLine.OfError(error, $" (weft show {id} has the rest)")}";
}
