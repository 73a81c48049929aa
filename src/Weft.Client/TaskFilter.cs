using System.Globalization;

namespace Weft.Client;

/// <summary>Which tasks are listed, and how. What is null is not asked for.</summary>
public sealed record TaskFilter
{
    /// <summary>One of <see cref="Contracts.TaskStates"/>.</summary>
    public string? State { get; init; }

    /// <summary>Tasks of this queue alone.</summary>
    public string? Queue { get; init; }

    /// <summary>Tasks of this group alone.</summary>
    public long? Group { get; init; }

    /// <summary>Tasks of this type alone.</summary>
    public string? Type { get; init; }

    /// <summary>Tasks that this worker claimed last.</summary>
    public string? WorkerId { get; init; }

    /// <summary>Tasks of this priority alone: -100 to 100.</summary>
    public int? Priority { get; init; }

    /// <summary>Tasks submitted then or later.</summary>
    public DateTimeOffset? SubmittedAfter { get; init; }

    /// <summary>Tasks submitted earlier.</summary>
    public DateTimeOffset? SubmittedBefore { get; init; }

    /// <summary>Tasks finished then or later.</summary>
    public DateTimeOffset? FinishedAfter { get; init; }

    /// <summary>Tasks finished earlier.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }

    /// <summary>Tasks whose error contains this text, in the same case: 1 to 256 characters.</summary>
    public string? ErrorText { get; init; }

    /// <summary>
    /// Tasks whose payload contains this text, byte for byte as it was submitted: 1 to 256 characters. The coordinator
    /// looks at every payload for it.
    /// </summary>
    public string? PayloadText { get; init; }

    /// <summary>True: the newest first; false: the oldest.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>How many tasks one request brings: 1 to 1,000; 100.</summary>
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
