using System.Text.Json;

namespace Weft.Contracts;

/// <summary>A task as the API shows it.</summary>
/// <param name="State"><c>scheduled</c>, <c>ready</c>, <c>leased</c>, <c>checking</c>, <c>completed</c>, <c>dead</c>
/// or <c>cancelled</c>.</param>
/// <param name="ReadyAt">When it last became ready; null: it never was.</param>
/// <param name="LeaseExpiresAt">Null unless leased.</param>
/// <param name="Error">Why the last failed attempt failed.</param>
/// <param name="Payload">Null in a listing, as result and checkpoint.</param>
/// <param name="Result">Null unless completed.</param>
/// <param name="Module">The hash of the module that workers run; null in a listing, and for a task without one.</param>
/// <param name="Run">How; null in a listing, and where it is as the defaults say.</param>
/// <param name="Outputs">The files that the task has written; null for none, and in a listing.</param>
public sealed record TaskInfo(
    long Id, string Queue, string? Type, string State, int Priority, int Attempt, int Failures, int MaxAttempts,
    double LeaseSeconds,
    long? Group, IReadOnlyList<string>? Requires, DateTimeOffset SubmittedAt, DateTimeOffset? RunAt,
    DateTimeOffset? ReadyAt, DateTimeOffset? ExpiresAt, DateTimeOffset? FinishedAt,
    string? WorkerId, DateTimeOffset? ClaimedAt, DateTimeOffset? LeaseExpiresAt, double? Progress, string? Error,
    JsonElement? Payload, JsonElement? Result, JsonElement? Checkpoint,
    string? Module = null, ModuleRun? Run = null, IReadOnlyList<TaskOutput>? Outputs = null);

/// <param name="Tasks">May be fewer than asked for, or none, though more follow.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
/// <param name="Scanned">How many tasks were looked at for it.</param>
public sealed record TaskList(IReadOnlyList<TaskInfo> Tasks, string? Next, int Scanned = 0);

/// <summary>
/// A line of a group's results: a finished task, or the last line, which has only <paramref name="Cursor"/> and
/// <paramref name="Done"/>.
/// </summary>
/// <param name="Cursor">Goes on after this line.</param>
/// <param name="Done">Whether all tasks of the group were delivered; null but in the last line.</param>
/// <param name="Outputs">The files that the task has written; null for none.</param>
/// <param name="Answers">How many answers the result rests on; null: it was not verified.</param>
/// <param name="Risk">At most how likely it is wrong, if it was.</param>
public sealed record GroupResult(
    string Cursor, long? Id, string? State, DateTimeOffset? FinishedAt, JsonElement? Result, string? Error, bool? Done,
    IReadOnlyList<TaskOutput>? Outputs = null, int? Answers = null, double? Risk = null);

/// <summary>An error: RFC 9457. Programs decide by <paramref name="Code"/>.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
public sealed record Problem(string Type, string Title, int Status, string Code, string Detail, long? Offset = null);
