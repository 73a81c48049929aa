using System.Globalization;

namespace Weft.Core.Events;

/// <summary>The place of an event: which run of which coordinator, and its number there.</summary>
public readonly record struct EventPlace(string Epoch, long Number)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; null: something else did.</summary>
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
