using Microsoft.Net.Http.Headers;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>Sends stored bytes by their hash, a chunk at a time.</summary>
internal static class StoredBytes
{
    // Other bytes have another hash, and thus another URL.
    private const string Immutable = "max-age=31536000, immutable";

    /// <summary>Sends the bytes, or the requested range; cacheable for ever.</summary>
    /// <param name="isPrivate">A shared cache must not serve it to clients without a token.</param>
    public static async Task SendAsync(
        HttpContext context, ModuleHash hash, Stream bytes, string type, bool isPrivate)
    {
        // The chunk being sent, and the next one.
        TakeRoom(context, 2 * Core.Limits.ModuleChunkBytes);
        context.Response.Headers.CacheControl = $"{(isPrivate ? "private" : "public")}, {Immutable}";
        var tag = new EntityTagHeaderValue($"\"{hash}\"");
        var enableRanges = HttpMethods.IsGet(context.Request.Method);
        using var deadline = RequestDeadline.AbortingLate(context);
        await TypedResults.Stream(bytes, type, entityTag: tag, enableRangeProcessing: enableRanges)
            .ExecuteAsync(context);
    }

    /// <summary>The memory that is used, however slow the client is.</summary>
    /// <exception cref="RequestRefusedException">503: memory is short, or the client has too many other
    /// transfers.</exception>
    public static void TakeRoom(HttpContext context, int bytes)
    {
        if (ClientCounts.TryBegin<Transfers>(context) && BodyShare.Of(context).TryGrow(bytes, Admission.Progress))
            return;
        throw LargeBody.Refuse(context, StatusCodes.Status503ServiceUnavailable);
    }
}
