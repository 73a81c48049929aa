using System.Buffers;

namespace Weft.Core.Tasks;

/// <summary>
/// The rule for a queue's name: 1 to <see cref="Limits.QueueNameCharsMax"/> ASCII letters, digits, dots, dashes and
/// underscores, but neither <c>.</c> nor <c>..</c>, which a URL path can't name.
/// </summary>
public static class QueueName
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Limits.QueueNameCharsMax && !name.AsSpan().ContainsAnyExcept(Allowed)
            && name is not ("." or "..");
}
