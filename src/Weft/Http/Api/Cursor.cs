using System.Globalization;
using Weft.Core.Tasks;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>
/// Where a listing continues: a letter for its order and the number of the last item. A cursor is valid only in its own
/// order.
/// </summary>
internal static class Cursor
{
    public const char Oldest = 'o';
    public const char Newest = 'n';
    public const char Finished = 'f';
    public const char Submitted = 's';
    public const char Corrected = 'c';

    public static string Write(char order, long last) => $"{order}{last}";

    /// <summary>The query's <c>after</c>; null when there is none.</summary>
    public static Problem? Read(HttpContext context, char order, out long? after)
    {
        after = null;
        if (!context.Request.Query.TryGetValue("after", out var given)) return null;
        var text = given.ToString();
        if (text.StartsWith(order)
            && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            after = last;
            return null;
        }

        return Problems.InvalidRequest.With("after is not a cursor of this listing in this order.");
    }

    /// <summary>The query's <c>after</c> for queues, which are listed by name; null when there is none.</summary>
    public static Problem? ReadName(HttpContext context, out string? after)
    {
        after = context.Request.Query.TryGetValue("after", out var given) ? given.ToString() : null;
        return after is null || QueueName.IsValid(after)
            ? null
            : Problems.InvalidRequest.With("after is not a cursor of this listing.");
    }
}
