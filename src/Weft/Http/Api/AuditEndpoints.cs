using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Lists the audit log.</summary>
internal sealed class AuditEndpoints(AuditTrail audit, AccessControl access)
{
    public async Task ListAsync(HttpContext context)
    {
        if (ApiRequest.ReadPage(context, Cursor.Newest, out var after, out var limit) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        if (await audit.ListAsync(access.CallerOf(context), after, limit) is not { } page)
        {
            await Problems.AnswerAsync(context, Problems.Forbidden.With("Only an admin may read the audit log."));
            return;
        }

        var next = page.Next is { } last ? Cursor.Write(Cursor.Newest, last) : null;
        var list = new AuditList([.. page.Entries.Select(ToWire)], next);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.AuditList);
    }

    private static AuditEntry ToWire(Core.Storage.AuditEntry entry) => new(
        entry.Id, entry.At, entry.Action, entry.Subject, entry.Detail, OperationJson.NameOf(entry.Actor),
        entry.Actor.Token?.Value);
}
