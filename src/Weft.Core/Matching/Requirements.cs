namespace Weft.Core.Matching;

/// <summary>
/// What a task needs of its worker. Equal sets have equal text, whatever order they were given in:
/// tasks of one queue with equal requirements wait in one lane.
/// </summary>
public sealed class Requirements : IEquatable<Requirements>
{
    /// <summary>Any worker will do.</summary>
    public static readonly Requirements None = new([]);

    private readonly Label[] _labels;

    private Requirements(Label[] labels)
    {
        _labels = labels;
        Text = string.Join(' ', labels.Select(static label => label.Amount == 0 ? label.Name : $"{label.Name}>={label.Amount}"));
    }

    /// <summary>The canonical form: labels sorted by name, a blank between them; empty for none.</summary>
    public string Text { get; }

    /// <summary>The labels, each as a submitter may write it.</summary>
    public IReadOnlyList<string> Labels => Text.Length == 0 ? [] : Text.Split(' ');

    /// <summary>Reads a submitter's labels; null when one isn't a requirement or there are too many.</summary>
    public static Requirements? TryParse(IReadOnlyCollection<string> labels)
    {
        if (labels.Count == 0) return None;
        if (labels.Count > Limits.RequirementsMax) return null;
        var amounts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in labels)
        {
            if (!Label.TryParseRequirement(text, out var label)) return null;
            amounts[label.Name] = Math.Max(label.Amount, amounts.GetValueOrDefault(label.Name));
        }

        return new([.. amounts.Select(static pair => new Label(pair.Key, pair.Value))]);
    }

    /// <summary>Reads the canonical form back.</summary>
    public static Requirements Parse(string text) =>
        TryParse(text.Length == 0 ? [] : text.Split(' ')) ?? throw new FormatException($"'{text}' is not a set of requirements.");

    /// <summary>True when a worker with these capabilities may run the task.</summary>
    public bool AreMetBy(Capabilities capabilities)
    {
        foreach (var label in _labels)
        {
            if (!capabilities.Meets(label)) return false;
        }

        return true;
    }

    public bool Equals(Requirements? other) => Text == other?.Text;

    public override bool Equals(object? obj) => Equals(obj as Requirements);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
