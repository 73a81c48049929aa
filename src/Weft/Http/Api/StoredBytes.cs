using Microsoft.Net.Http.Headers;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>Sends what is stored under its hash, a chunk at a time.</summary>
internal static class StoredBytes
{
    // Other bytes have another hash, and so another address.
    private const string Immutable = "max-age=31536000, immutable";

    /// <summary>Answers the bytes, or the range that was asked for; cacheable for ever.</summary>
    /// <param name="isPrivate">A proxy's cache must not serve without a token what requires one.</param>
    public static async Task SendAsync(
        HttpContext context, ModuleHash hash, Stream bytes, string type, bool isPrivate)
    {
        // The chunk that is sent, and the next one.
        TakeRoom(context, 2 * Core.Limits.ModuleChunkBytes);
        context.Response.Headers.CacheControl = $"{(isPrivate ? "private" : "public")}, {Immutable}";
        var tag = new EntityTagHeaderValue($"\"{hash}\"");
        var enableRanges = HttpMethods.IsGet(context.Request.Method);
        using var deadline = RequestDeadline.AbortingLate(context);
        await TypedResults.Stream(bytes, type, entityTag: tag, enableRangeProcessing: enableRanges)
            .ExecuteAsync(context);
    }

    /// <summary>So much is in memory, as slow as the client may be.</summary>
    /// <exception cref="RequestRefusedException">503: memory is short, or the client moves many others.</exception>
    public static void TakeRoom(HttpContext context, int bytes)
    {
        if (ClientCounts.TryBegin<Transfers>(context) && BodyShare.Of(context).TryGrow(bytes, Admission.Progress))
            return;
        throw LargeBody.Refuse(context, StatusCodes.Status503ServiceUnavailable);
    }
}
