namespace Weft.Core.Matching;

/// <summary>A worker's declared capabilities. Equal sets have equal text.</summary>
public sealed class Capabilities : IEquatable<Capabilities>
{
    /// <summary>No capabilities: only tasks without requirements.</summary>
    public static readonly Capabilities None = new([]);

    private readonly SortedDictionary<string, long> _amounts;

    private Capabilities(SortedDictionary<string, long> amounts)
    {
        _amounts = amounts;
        Text = string.Join(' ', amounts.Select(static pair => pair.Value == 0 ? pair.Key : $"{pair.Key}={pair.Value}"));
    }

    /// <summary>The canonical form: labels sorted by name, separated by spaces; empty for none.</summary>
    public string Text { get; }

    /// <summary>Parses a worker's labels; null if one isn't a capability or there are too many.</summary>
    public static Capabilities? TryParse(IReadOnlyCollection<string> labels)
    {
        if (labels.Count == 0) return None;
        if (labels.Count > Limits.CapabilitiesMax) return null;
        var amounts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in labels)
        {
            if (!Label.TryParseCapability(text, out var label)) return null;
            amounts[label.Name] = Math.Max(label.Amount, amounts.GetValueOrDefault(label.Name));
        }

        return new(amounts);
    }

    /// <summary>Parses the canonical form.</summary>
    public static Capabilities Parse(string text) =>
        (text.Length == 0 ? None : TryParse(text.Split(' ')))
            ?? throw new FormatException($"'{text}' is not a set of capabilities.");

    /// <summary>True if this has the requirement's name, and at least its amount.</summary>
    public bool Meets(Label requirement) =>
        _amounts.TryGetValue(requirement.Name, out var amount) && amount >= requirement.Amount;

    public bool Equals(Capabilities? other) => Text == other?.Text;

    public override bool Equals(object? obj) => Equals(obj as Capabilities);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
