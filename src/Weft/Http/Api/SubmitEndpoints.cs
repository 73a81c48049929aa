using System.Security.Cryptography;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Submits one task, or many at once.</summary>
internal sealed class SubmitEndpoints(
    SubmitTasks submit, PythonPackages packages, AccessControl access, TimeProvider time)
{
    // {"status":201,"id":1234567}, and the surrounding names.
    private const int OutcomeBytes = 32;

    public async Task SubmitAsync(HttpContext context)
    {
        if (ApiRequest.ReadKey(context, out var key) is { } badKey)
        {
            await Problems.AnswerAsync(context, badKey);
            return;
        }

        var body = await RequestBody.ReadAsync(context, Admission.NewWork);
        if (ReadOne(body, out var task) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (task.Packages is not null)
        {
            (task, var missing) = await packages.ResolveAsync(access.CallerOf(context), task, context.RequestAborted);
            if (missing is not null)
            {
                await Problems.AnswerAsync(context, Problems.PackagesUnresolved.With(missing));
                return;
            }
        }

        if (task.Trace is null && TraceHeaders.Read(context.Request) is { } trace) task = task with { Trace = trace };
        var outcome = await submit.RunAsync(access.CallerOf(context), task, KeyOf(key, body));
        if (Problems.Of(outcome.Status) is { } problem)
        {
            await Problems.RefuseSubmitAsync(context, problem);
            return;
        }

        context.Response.Headers.Location = $"{ApiRoutes.Tasks}/{outcome.Ids[0]}";
        await ApiJson.AnswerAsync(context, StatusOf(outcome.Status), outcome.Ids[0], static (writer, id) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, id.Value);
            writer.WriteEndObject();
        });
    }

    public async Task SubmitBatchAsync(HttpContext context)
    {
        if (ApiRequest.ReadKey(context, out var key) is { } badKey)
        {
            await Problems.AnswerAsync(context, badKey);
            return;
        }

        var body = await ApiRequest.ReadLargeBodyAsync(context, Admission.NewWork);
        if (SubmitBatch.Read(body, time.GetUtcNow(), out var batch) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        await batch.ResolveAsync(packages, access.CallerOf(context), context.RequestAborted);
        if (TraceHeaders.Read(context.Request) is { } trace) batch.AddTrace(trace);
        var (refused, tasks) = await submit.RunBatchAsync(access.CallerOf(context), batch.Tasks, KeyOf(key, body));
        if (refused is { } status) await Problems.RefuseSubmitAsync(context, Problems.Of(status)!);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (batch, tasks),
            static (writer, answer) => answer.batch.Write(writer, answer.tasks), tasks.Count * OutcomeBytes);
    }

    /// <summary>201 for a new task, 200 for one that its key had already stored.</summary>
    public static int StatusOf(SubmitStatus status) =>
        status == SubmitStatus.Stored ? StatusCodes.Status201Created : StatusCodes.Status200OK;

    private Problem? ReadOne(ReadOnlyMemory<byte> body, out NewTask task)
    {
        var json = new StrictJson(body);
        task = TaskReader.Read(ref json, payloadBytesMax: Limits.RequestBytesMax, time.GetUtcNow());
        return json.End();
    }

    private static SubmitKey? KeyOf(string? key, ReadOnlyMemory<byte> body) =>
        key is null ? null : new(key, SHA256.HashData(body.Span));
}
