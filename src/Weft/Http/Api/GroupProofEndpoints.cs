using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Corrections of a group's results, and the answers that they rest on.</summary>
internal sealed class GroupProofEndpoints(VerifyTasks verify, AccessControl access)
{
    private const int CorrectionsMax = 100;

    public async Task ListCorrectionsAsync(HttpContext context)
    {
        if (Cursor.Read(context, Cursor.Corrected, out var after) is { } badCursor)
        {
            await Problems.AnswerAsync(context, badCursor);
            return;
        }

        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await verify.ListCorrectionsAsync(
            access.CallerOf(context), new(id), after ?? 0, CorrectionsMax) is not { } found)
        {
            await Problems.AnswerAsync(context, Problems.GroupNotFound);
            return;
        }

        // Each result may be large: the rest is left for the next request.
        var bytes = 0L;
        var page = found.TakeWhile((correction, i) =>
            (bytes += correction.Result?.Length ?? 0) <= Core.Limits.ResultsPageBytesMax || i == 0).ToArray();
        if (!BodyShare.TryCoverAnswer(context, page.Sum(static correction => (long)(correction.Result?.Length ?? 0))))
        {
            throw LargeBody.Refuse(context, StatusCodes.Status503ServiceUnavailable);
        }

        var list = new CorrectionList(
            [.. page.Select(ToWire)], page.Length > 0 ? Cursor.Write(Cursor.Corrected, page[^1].Number) : null);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.CorrectionList);
    }

    /// <summary>
    /// NDJSON, one line per completed task, in the order of their ids. The last line has the SHA-256 of all lines
    /// before it; a response without it is incomplete.
    /// </summary>
    public async Task ListReceiptsAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await verify.ListReceiptsAsync(
            access.CallerOf(context), new(id), context.RequestAborted) is not { } pages)
        {
            await Problems.AnswerAsync(context, Problems.GroupNotFound);
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var tasks = 0L;
        await foreach (var page in pages)
        {
            if (access.HasEnded(context)) return;
            var lines = new ArrayBufferWriter<byte>();
            foreach (var receipt in page) Write(lines, receipt);
            tasks += page.Count;
            hash.AppendData(lines.WrittenSpan);
            context.Response.BodyWriter.Write(lines.WrittenSpan);
            await LargeBody.FlushAsync(context);
        }

        WriteEnd(context.Response.BodyWriter, tasks, Convert.ToHexStringLower(hash.GetHashAndReset()));
        await LargeBody.FlushAsync(context);
    }

    public static Correction ToWire(Core.Storage.Correction correction) => new(
        Cursor.Write(Cursor.Corrected, correction.Number), correction.Task.Value, correction.Told.ToString(),
        correction.Result is { } result ? JsonElement.Parse(result.Span) : null, correction.Error, correction.At);

    private static void Write(IBufferWriter<byte> lines, NamedReceipt named)
    {
        var receipt = named.Receipt;
        using (var writer = new Utf8JsonWriter(lines, JsonResponse.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, receipt.Task.Value);
            writer.WriteOrNothing("module"u8, receipt.Module);
            writer.WriteString("payloadSha256"u8, receipt.Payload.ToString());
            writer.WriteString("resultSha256"u8, receipt.Result.ToString());
            if (receipt.Risk is { } risk) writer.WriteNumber("risk"u8, risk);
            if (receipt.IsCorrected) writer.WriteBoolean("corrected"u8, true);
            writer.WriteStartArray("answers"u8);
            for (var i = 0; i < named.Names.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("worker"u8, named.Names[i].Worker);
                writer.WriteString("network"u8, named.Names[i].Network);
                writer.WriteString("role"u8, VerifyEndpoints.Roles[(int)receipt.Supporters[i].Role]);
                if (receipt.Supporters[i].IsTrusted) writer.WriteBoolean("trusted"u8, true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        lines.Write("\n"u8);
    }

    private static void WriteEnd(IBufferWriter<byte> body, long tasks, string sha256)
    {
        using (var writer = new Utf8JsonWriter(body, JsonResponse.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("tasks"u8, tasks);
            writer.WriteString("sha256"u8, sha256);
            writer.WriteEndObject();
        }

        body.Write("\n"u8);
    }
}
