using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Reads the parts of a request outside its body; a problem describes what is invalid.</summary>
internal static class ApiRequest
{
    public static Problem InvalidId { get; } =
        Problems.InvalidRequest.With("The id in the path must be a whole number from 1.");

    /// <summary>The query's <c>wait</c> in seconds, zero when there is none.</summary>
    public static Problem? ReadWait(HttpContext context, out TimeSpan wait)
    {
        wait = default;
        if (!context.Request.Query.TryGetValue("wait", out var given)) return null;
        return RequestValues.TryParseWait(given, out wait)
            ? null
            : Problems.InvalidRequest.With(
                $"wait must be a number of seconds from 0 to {Limits.WaitMax.TotalSeconds}.");
    }

    /// <summary>The query's <c>limit</c>.</summary>
    public static Problem? ReadLimit(HttpContext context, out int limit, int standard = LimitDefault)
    {
        limit = standard;
        if (!context.Request.Query.TryGetValue("limit", out var given)) return null;
        var valid = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            && limit is > 0 and <= Limits.ListPageMax;
        return valid ? null
            : Problems.InvalidRequest.With($"limit must be a whole number from 1 to {Limits.ListPageMax}.");
    }

    /// <summary>The query's <c>after</c> and <c>limit</c>, for a listing in this order.</summary>
    public static Problem? ReadPage(HttpContext context, char order, out long? after, out int limit)
    {
        var badLimit = ReadLimit(context, out limit);
        return Cursor.Read(context, order, out after) ?? badLimit;
    }

    /// <summary>The header <c>Idempotency-Key</c>; null when there is none.</summary>
    public static Problem? ReadKey(HttpContext context, out string? key)
    {
        key = null;
        if (!context.Request.Headers.TryGetValue("Idempotency-Key", out var given)) return null;
        key = given.ToString();
        return key.Length is > 0 and <= Limits.IdempotencyKeyCharsMax
            ? null
            : Problems.InvalidRequest.With(
                $"Idempotency-Key must have 1 to {Limits.IdempotencyKeyCharsMax} characters.");
    }

    /// <summary>The queue that the path names.</summary>
    public static Problem? ReadQueue(HttpContext context, out string queue)
    {
        queue = (string)context.Request.RouteValues["queue"]!;
        return QueueName.IsValid(queue) ? null : Problems.InvalidRequest.With(QueueRule("The queue in the path"));
    }

    public static string QueueRule(string at) => $"{at} {QueueShape}.";

    /// <summary>The rule for the name of a queue, human-readable.</summary>
    public static string QueueShape =>
        $"must have 1 to {Limits.QueueNameCharsMax} letters, digits, dots, dashes or underscores; "
            + ". and .. are not allowed";

    /// <summary>The limit for a body that carries many tasks: <see cref="Limits.RequestBytesMax"/>.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> ReadLargeBodyAsync(HttpContext context,
        Admission admission = Admission.Progress)
    {
        var size = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (size is { IsReadOnly: false, MaxRequestBodySize: < Limits.RequestBytesMax })
            size.MaxRequestBodySize = Limits.RequestBytesMax;
        return RequestBody.ReadAsync(context, admission);
    }

    private const int LimitDefault = 100;
}
