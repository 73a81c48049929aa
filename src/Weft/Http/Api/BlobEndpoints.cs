using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Weft.Contracts;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>Files by their hash: pushed piece by piece, fetched, listed, deleted.</summary>
internal sealed class BlobEndpoints(
    StoredBlobs blobs, PushBlob push, PushOutput outputs, AuditTrail audit, AccessControl access)
{
    private const string AnyBytes = "application/octet-stream";
    private const string LeaseHeader = "X-Weft-Lease";

    private static readonly Problem NoLease =
        Problems.InvalidRequest.With($"{LeaseHeader} must be the claim's lease token: 16 hex digits.");

    private static readonly Problem NoHash =
        Problems.BlobNotFound.Kind.With("A blob is named by its SHA-256: 64 lowercase hex digits.");

    public async Task PushAsync(HttpContext context)
    {
        var badRange = ReadRange(context, out var offset, out var size);
        if (!TryReadHash(context, out var hash) || badRange is not null)
        {
            await Problems.AnswerAsync(context, badRange ?? NoHash);
            return;
        }

        using var body = OpenBody(context);
        await AnswerAsync(context, await push.RunAsync(
            access.CallerOf(context).Owner, output: null, hash, size, offset, body, context.RequestAborted));
    }

    /// <summary>A worker brings a file that its task has written.</summary>
    public async Task PushOutputAsync(HttpContext context)
    {
        var badRange = ReadRange(context, out var offset, out var size);
        if (!TryReadHash(context, out var hash) || badRange is not null)
        {
            await Problems.AnswerAsync(context, badRange ?? Problems.InvalidRequest.With(NoHash.Detail));
            return;
        }

        if (!RequestValues.TryReadId(context, out var id)
            || !LeaseToken.TryParse(context.Request.Headers[LeaseHeader].ToString(), out var lease))
        {
            await Problems.AnswerAsync(context, id == 0 ? ApiRequest.InvalidId : NoLease);
            return;
        }

        using var body = OpenBody(context);
        var (refusal, pushed) = await outputs.RunAsync(
            access.CallerOf(context), new(id), lease, hash, size, offset, body, context.RequestAborted);
        if (Problems.Of(refusal) is { } problem) await Problems.AnswerAsync(context, problem);
        else await AnswerAsync(context, pushed);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (!TryReadHash(context, out var hash)
            || await blobs.FindAsync(access.CallerOf(context), hash) is not { } blob)
        {
            await Problems.AnswerAsync(context, hash == default ? NoHash : Problems.BlobNotFound);
            return;
        }

        // Whatever it is, a browser that opens it saves it.
        context.Response.Headers.ContentDisposition = "attachment";
        await StoredBytes.SendAsync(context, blob.Hash, blobs.Open(blob), AnyBytes, access.RequiresTokens);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (ApiRequest.ReadPage(context, Cursor.Oldest, out var after, out var limit) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var page = await blobs.ListAsync(access.CallerOf(context), after ?? 0, limit);
        var next = page.Count == limit ? Cursor.Write(Cursor.Oldest, page[^1].Number) : null;
        var list = new BlobList([.. page.Select(static item => ToWire(item.Blob))], next);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.BlobList);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        if (!TryReadHash(context, out var hash))
        {
            await Problems.AnswerAsync(context, NoHash);
            return;
        }

        var caller = access.CallerOf(context);
        var deletion = await blobs.DeleteAsync(caller, hash);
        if (deletion != ModuleDeletion.Deleted)
        {
            await Problems.AnswerAsync(
                context, deletion == ModuleDeletion.InUse ? Problems.BlobInUse : Problems.BlobNotFound);
            return;
        }

        await audit.NoteAsync(caller, "blob.delete", hash.ToString());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Stream OpenBody(HttpContext context)
    {
        // What arrives, and what is being stored meanwhile.
        StoredBytes.TakeRoom(context, 2 * Limits.BlobAppendBytes);
        var bodySize = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (bodySize is { IsReadOnly: false }) bodySize.MaxRequestBodySize = push.Bounds.BytesMax;
        return RequestBody.Open(context);
    }

    private static async Task AnswerAsync(HttpContext context, BlobPushed pushed)
    {
        if (Problems.Of(pushed) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        if (TryReadHash(context, out var hash)) context.Response.Headers.Location = $"{ApiRoutes.Blobs}/{hash}";
        await (pushed.Blob is not { } blob
            ? ApiJson.AnswerAsync(
                context, StatusCodes.Status202Accepted, new BlobOffset(pushed.Offset), WireJson.Default.BlobOffset)
            : ApiJson.AnswerAsync(
                context,
                pushed.Status == BlobPushStatus.Stored ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                ToWire(blob), WireJson.Default.BlobInfo));
    }

    private static BlobInfo ToWire(StoredModule blob) =>
        new(blob.Hash.ToString(), blob.Size, blob.CreatedAt, blob.InUse);

    private static bool TryReadHash(HttpContext context, out ModuleHash hash) =>
        ModuleHash.TryParse(context.Request.RouteValues["sha256"] as string, out hash);

    private Problem? ReadRange(HttpContext context, out long offset, out long size)
    {
        size = 0;
        if (!TryReadNumber(context, "offset", out offset)) return Invalid("offset");
        if (!TryReadNumber(context, "size", out size)) return Invalid("size");
        var length = context.Request.ContentLength;
        if (!context.Request.Query.ContainsKey("size"))
        {
            if (length is null) return Problems.InvalidRequest.With("Give the blob's size, or a Content-Length.");
            size = offset + length.Value;
        }

        if (size > push.Bounds.BytesMax) return Problems.BlobTooLarge(push.Bounds.BytesMax);
        return offset <= size && (length ?? 0) <= size - offset ? null : Problems.BlobTooLong;
    }

    private static bool TryReadNumber(HttpContext context, string name, out long value)
    {
        value = 0;
        return !context.Request.Query.TryGetValue(name, out var given)
            || (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value <= long.MaxValue / 2);
    }

    private static Problem Invalid(string name) =>
        Problems.InvalidRequest.With($"{name} must be a whole number of bytes.");
}
