using System.Globalization;

namespace Weft.Client;

/// <summary>Which tasks to list, and how. A null member matches all.</summary>
public sealed record TaskFilter
{
    /// <summary>One of <see cref="Contracts.TaskStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>Only tasks in this queue.</summary>
    public string? Queue { get; init; }

    /// <summary>Only tasks in this group.</summary>
    public long? Group { get; init; }

    /// <summary>Only tasks of this type.</summary>
    public string? Type { get; init; }

    /// <summary>Only tasks that this worker claimed last.</summary>
    public string? WorkerId { get; init; }

    /// <summary>Only tasks with this priority: -100 to 100.</summary>
    public int? Priority { get; init; }

    /// <summary>Only tasks submitted at or after this time.</summary>
    public DateTimeOffset? SubmittedAfter { get; init; }

    /// <summary>Only tasks submitted before this time.</summary>
    public DateTimeOffset? SubmittedBefore { get; init; }

    /// <summary>Only tasks finished at or after this time.</summary>
    public DateTimeOffset? FinishedAfter { get; init; }

    /// <summary>Only tasks finished before this time.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }

    /// <summary>Only tasks whose error contains this text, case-sensitive: 1 to 256 characters.</summary>
    public string? ErrorText { get; init; }

    /// <summary>
    /// Only tasks whose payload, as submitted, contains this text byte for byte: 1 to 256 characters. The coordinator
    /// reads every payload for it.
    /// </summary>
    public string? PayloadText { get; init; }

    /// <summary>True: newest first; false: oldest first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Tasks per request: 1 to 1,000. Default: 100.</summary>
    public int PageSize { get; init; } = 100;

    internal string Path
    {
        get
        {
            (string Name, string? Value)[] members =
            [
                ("order", NewestFirst ? "newest" : "oldest"), ("limit", Text(PageSize)), ("state", State),
                ("queue", Queue), ("group", Text(Group)), ("type", Type), ("worker", WorkerId),
                ("priority", Text(Priority)), ("submittedAfter", Text(SubmittedAfter)),
                ("submittedBefore", Text(SubmittedBefore)), ("finishedAfter", Text(FinishedAfter)),
                ("finishedBefore", Text(FinishedBefore)), ("error", ErrorText), ("payload", PayloadText),
            ];
            return "tasks?" + string.Join('&', members.Where(static member => member.Value is not null)
                .Select(static member => $"{member.Name}={Uri.EscapeDataString(member.Value!)}"));
        }
    }

    internal Contracts.OperationFilter ToOperation() => new(
        State, Queue, Group, Type, WorkerId, Priority, SubmittedAfter, SubmittedBefore, FinishedAfter, FinishedBefore,
        ErrorText, PayloadText);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
