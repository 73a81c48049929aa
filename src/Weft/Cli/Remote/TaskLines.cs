using System.Text.Json;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>
/// Tasks and results as commands print them. Whether there is a result is told by the state: JSON's null is one.
/// </summary>
internal static class TaskLines
{
    private static readonly JsonElement Null = JsonElement.Parse("null");

    /// <returns>Null: there is none.</returns>
    public static JsonElement? ResultOf(string? state, JsonElement? result) =>
        state == TaskStates.Completed ? result ?? Null : null;

    /// <summary>The same task with its result where it has one.</summary>
    public static TaskInfo WithResult(TaskInfo task) => task with { Result = ResultOf(task.State, task.Result) };

    /// <summary>How a task stands that has no result, with the end of its error.</summary>
    public static string Describe(long id, string? state, string? error) =>
        $"Task {id} is {state}{(error is null ? "." : $": {OneLine.OfError(error)}")}";
}
