using System.Globalization;

namespace Weft.Client;

/// <summary>Which events to follow: those for which all that is given holds.</summary>
public sealed record EventFilter
{
    /// <summary>
    /// Of <c>tasks</c>, <c>groups</c>, <c>queues</c>, <c>workers</c> and <c>operations</c>; empty: all of them.
    /// </summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Those of one queue; null: of all.</summary>
    public string? Queue { get; init; }

    /// <summary>Those of one group; null: of all.</summary>
    public long? Group { get; init; }

    /// <summary>Those of one task; null: of all.</summary>
    public long? Task { get; init; }

    /// <summary>Those of tasks of one type; null: of all.</summary>
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
