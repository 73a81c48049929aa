using Weft.Contracts;
using Weft.Core.Modules;
using Weft.Core.UseCases;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>The default module of a queue's tasks.</summary>
internal sealed class QueueModuleEndpoints(TaskQueues queues)
{
    private static readonly MemberNames Names = new("module", "run");
    public async Task SetAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } badQueue)
        {
            await Problems.AnswerAsync(context, badQueue);
            return;
        }

        if (Read(await RequestBody.ReadAsync(context), out var call, out var files) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        await (await queues.SetModuleAsync(queue, call, files) switch
        {
            QueueModuleOutcome.TooManyQueues => Problems.AnswerAsync(context, Problems.TooManyQueues),
            QueueModuleOutcome.RunsTooLarge => Problems.AnswerAsync(context, Problems.TooManyRuns),
            QueueModuleOutcome.ModuleNotFound => Problems.AnswerAsync(context, Problems.NamedModuleNotFound),
            QueueModuleOutcome.BlobNotFound => Problems.AnswerAsync(context, Problems.NamedBlobNotFound),
            _ => ApiJson.AnswerAsync(context, StatusCodes.Status200OK, (call with { Files = files?.Json }).ToWire(),
                WireJson.Default.QueueModule),
        });
    }

    public async Task ClearAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } badQueue)
        {
            await Problems.AnswerAsync(context, badQueue);
            return;
        }

        await queues.ClearModuleAsync(queue);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Problem? Read(ReadOnlyMemory<byte> body, out ModuleCall call, out FileSet? files)
    {
        var json = new StrictJson(body);
        var seen = 0u;
        var (module, run) = ((ModuleHash?)null, default(ReadOnlyMemory<byte>));
        files = null;
        if (json.BeginObject())
        {
            while (json.NextMember(Names, ref seen) is { } name)
            {
                if (name == "module") module = RunReader.Module(ref json);
                else
                {
                    run = RunReader.Run(ref json, out files, out var packages);
                    if (packages is not null)
                        json.Fail("A queue's run can't have packages: give them with its tasks.");
                }
            }
        }

        if (module is null && (files is null || (!run.IsEmpty && !RunBytes.IsForOutputsAlone(run))))
            json.Fail("module is missing: a queue without one can only have a run with files and outMb.");
        call = new(module, run.IsEmpty ? (ReadOnlyMemory<byte>?)null : run);
        return json.End();
    }
}
