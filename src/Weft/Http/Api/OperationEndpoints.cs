using Weft.Contracts;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Starts, reads, lists and stops bulk operations.</summary>
internal sealed class OperationEndpoints(BulkOperations operations, AuditTrail audit, AccessControl access)
{
    public async Task StartAsync(HttpContext context)
    {
        if (OperationReader.Read(await RequestBody.ReadAsync(context, Admission.NewWork), out var asked) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var caller = access.CallerOf(context);
        if (asked.IsDryRun)
        {
            var match = await operations.CountAsync(
                caller, asked.Action, asked.Selection, context.RequestAborted);
            var found = new OperationDryRun(new(match.Count, match.IsExact), match.Looked);
            await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, found, WireJson.Default.OperationDryRun);
            return;
        }

        var start = await operations.StartAsync(caller, asked.Action, asked.Selection, asked.Priority);
        if (start.Operation is not { } operation)
        {
            await Problems.AnswerAsync(context, Problems.TooManyOperations);
            return;
        }

        await audit.NoteAsync(
            caller, "operation.start", operation.Id.ToString(), OperationJson.NameOf(operation.Order.Action));
        context.Response.Headers.Location = $"{ApiRoutes.Operations}/{operation.Id}";
        await AnswerAsync(context, operation, StatusCodes.Status202Accepted);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (ApiRequest.ReadPage(context, Cursor.Newest, out var after, out var limit) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var before = after is { } last ? new BulkOperationId(last) : (BulkOperationId?)null;
        var page = await operations.ListAsync(access.CallerOf(context), before, limit);
        var next = page.Next is { } id ? Cursor.Write(Cursor.Newest, id.Value) : null;
        var list = new OperationList([.. page.Operations.Select(OperationJson.ToWire)], next);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.OperationList);
    }

    public Task GetAsync(HttpContext context) => FindAsync(context, operations.FindAsync);

    public Task StopAsync(HttpContext context) => FindAsync(context, async (caller, id) =>
    {
        var operation = await operations.StopAsync(caller, id);
        if (operation is not null) await audit.NoteAsync(caller, "operation.stop", id.ToString());
        return operation;
    });

    private async Task FindAsync(
        HttpContext context, Func<Core.Access.Caller, BulkOperationId, Task<BulkOperation?>> find)
    {
        if (!RequestValues.TryReadId(context, out var id)) await Problems.AnswerAsync(context, ApiRequest.InvalidId);
        else if (await find(access.CallerOf(context), new(id)) is { } operation) await AnswerAsync(context, operation);
        else await Problems.AnswerAsync(context, Problems.OperationNotFound);
    }

    private static Task AnswerAsync(
        HttpContext context, BulkOperation operation, int status = StatusCodes.Status200OK) =>
        ApiJson.AnswerAsync(context, status, operation.ToWire(), WireJson.Default.Operation);
}
