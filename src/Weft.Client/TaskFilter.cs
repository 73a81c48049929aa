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

    /// <summary>True: the newest first; false: the oldest.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>How many tasks one request brings: 1 to 1,000; 100.</summary>
    public int PageSize { get; init; } = 100;

    internal string Path
    {
        get
        {
            var path = string.Create(CultureInfo.InvariantCulture,
                $"tasks?order={(NewestFirst ? "newest" : "oldest")}&limit={PageSize}");
            if (State is not null) path += $"&state={Uri.EscapeDataString(State)}";
            if (Queue is not null) path += $"&queue={Uri.EscapeDataString(Queue)}";
            return Group is { } group ? string.Create(CultureInfo.InvariantCulture, $"{path}&group={group}") : path;
        }
    }
}
