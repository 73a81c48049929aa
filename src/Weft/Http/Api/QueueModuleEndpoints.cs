using Weft.Contracts;
using Weft.Core.Modules;
using Weft.Core.UseCases;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>Which module the tasks of a queue run.</summary>
internal sealed class QueueModuleEndpoints(TaskQueues queues)
{
    private static readonly MemberNames Names = new("module", "run");
    private static readonly uint Module = Names.Mask("module");

    public async Task SetAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } badQueue)
        {
            await Problems.AnswerAsync(context, badQueue);
            return;
        }

        if (Read(await RequestBody.ReadAsync(context), out var call) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        await (await queues.SetModuleAsync(queue, call) switch
        {
            QueueModuleOutcome.TooManyQueues => Problems.AnswerAsync(context, Problems.TooManyQueues),
            QueueModuleOutcome.RunsTooLarge => Problems.AnswerAsync(context, Problems.TooManyRuns),
            QueueModuleOutcome.ModuleNotFound => Problems.AnswerAsync(context, Problems.NamedModuleNotFound),
            _ => ApiJson.AnswerAsync(context, StatusCodes.Status200OK, call.ToWire(), WireJson.Default.QueueModule),
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

    private static Problem? Read(ReadOnlyMemory<byte> body, out ModuleCall call)
    {
        var json = new StrictJson(body);
        var seen = 0u;
        var (module, run) = (default(ModuleHash), default(ReadOnlyMemory<byte>));
        if (json.BeginObject())
        {
            while (json.NextMember(Names, ref seen) is { } name)
            {
                if (name == "module") module = RunReader.Module(ref json);
                else
                {
                    run = RunReader.Run(ref json, out var files, out var packages);
                    if (files is not null)
                        json.Fail("A queue's run can't have files or outMb: give them with its tasks.");
                    if (packages is not null)
                        json.Fail("A queue's run can't have packages: give them with its tasks.");
                }
            }
        }

        if ((seen & Module) == 0) json.Fail("module is missing.");
        call = new(module, run.IsEmpty ? (ReadOnlyMemory<byte>?)null : run);
        return json.End();
    }
}
