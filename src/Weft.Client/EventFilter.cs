using System.Globalization;

namespace Weft.Client;

/// <summary>Which events to follow. An event must match every member that is set.</summary>
public sealed record EventFilter
{
    /// <summary>
    /// Any of <c>tasks</c>, <c>groups</c>, <c>queues</c>, <c>workers</c> and <c>operations</c>; empty for all.
    /// </summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Only events of this queue; null for all.</summary>
    public string? Queue { get; init; }

    /// <summary>Only events of this group; null for all.</summary>
    public long? Group { get; init; }

    /// <summary>Only events of this task; null for all.</summary>
    public long? Task { get; init; }

    /// <summary>Only events of tasks of this type; null for all.</summary>
    public string? Type { get; init; }

    internal string PathAfter(string? cursor)
    {
        var parts = new List<string>();
        Add("topics", Topics.Count > 0 ? string.Join(',', Topics) : null);
        Add("queue", Queue);
        Add("group", Group?.ToString(CultureInfo.InvariantCulture));
        Add("task", Task?.ToString(CultureInfo.InvariantCulture));
        Add("type", Type);
        Add("after", cursor);
        return parts.Count == 0 ? "events" : $"events?{string.Join('&', parts)}";

        void Add(string name, string? value)
        {
            if (value is not null) parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}
