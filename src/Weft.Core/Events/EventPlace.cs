using System.Globalization;

namespace Weft.Core.Events;

/// <summary>The position of an event: the coordinator's run, and the event's number there.</summary>
public readonly record struct EventPlace(string Epoch, long Number)
{
    /// <summary>Parses the output of <see cref="ToString"/>; null: it isn't one.</summary>
    public static EventPlace? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new(text[..dash], number)
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Number}");
}
