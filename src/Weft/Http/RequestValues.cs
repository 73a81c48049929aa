using System.Globalization;
using Weft.Core;

namespace Weft.Http;

/// <summary>Values of paths and queries that both surfaces read.</summary>
internal static class RequestValues
{
    /// <summary>The path's <c>id</c>: a whole number from 1.</summary>
    public static bool TryReadId(HttpContext context, out long id) =>
        long.TryParse(context.Request.RouteValues["id"] as string, NumberStyles.None, CultureInfo.InvariantCulture,
            out id) && id > 0;

    /// <summary>A wait in seconds, from 0 to <see cref="Limits.WaitMax"/>.</summary>
    public static bool TryParseWait(string? text, out TimeSpan wait)
    {
        var isValid =
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                && seconds >= 0 && seconds <= Limits.WaitMax.TotalSeconds;
        wait = isValid ? TimeSpan.FromSeconds(seconds) : default;
        return isValid;
    }
}
