using Weft.Contracts;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>Creates, reads, seals and cancels groups.</summary>
internal sealed class GroupEndpoints(TaskGroups groups, CancelTasks cancel, AccessControl access)
{
    private static readonly MemberNames Names = new("name");

    public async Task CreateAsync(HttpContext context)
    {
        if (ReadName(await RequestBody.ReadAsync(context, Admission.NewWork), out var name) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (await groups.CreateAsync(access.CallerOf(context), name) is not var (id, group))
        {
            await Problems.AnswerAsync(context, Problems.TooManyGroups);
            return;
        }

        context.Response.Headers.Location = $"{ApiRoutes.Groups}/{id}";
        if (group is null) await Problems.AnswerAsync(context, Problems.GroupNotFound);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status201Created, ToWire(group), WireJson.Default.Group);
    }

    public async Task ListAsync(HttpContext context)
    {
        if (ApiRequest.ReadPage(context, Cursor.Newest, out var after, out var limit) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var page =
            await groups.ListAsync(access.CallerOf(context), after is { } last ? new GroupId(last) : null, limit);
        var list = new GroupList([.. page.Groups.Select(ToWire)],
            page.Next is { } next ? Cursor.Write(Cursor.Newest, next.Value) : null);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.GroupList);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id)) await Problems.AnswerAsync(context, ApiRequest.InvalidId);
        else if (await groups.FindAsync(access.CallerOf(context), new(id)) is not { } group)
            await Problems.AnswerAsync(context, Problems.GroupNotFound);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, ToWire(group), WireJson.Default.Group);
    }

    public async Task SealAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var group = await groups.SealAsync(access.CallerOf(context), new(id));
        if (group is null) await Problems.AnswerAsync(context, Problems.GroupNotFound);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, ToWire(group), WireJson.Default.Group);
    }

    public async Task CancelAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        var cancelled = await cancel.OfGroupAsync(access.CallerOf(context), new(id), context.RequestAborted);
        if (cancelled is not { } count) await Problems.AnswerAsync(context, Problems.GroupNotFound);
        else await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new CancelOutcome(count),
            WireJson.Default.CancelOutcome);
    }

    private static Problem? ReadName(ReadOnlyMemory<byte> body, out string? name)
    {
        name = null;
        if (body.IsEmpty) return null;
        var json = new StrictJson(body);
        var seen = 0u;
        if (json.BeginObject())
        {
            while (json.NextMember(Names, ref seen) is not null) name = json.String(Limits.GroupNameCharsMax);
        }

        return json.End();
    }

    private static Group ToWire(StoredGroup group) =>
        new(group.Id.Value, group.Name, group.CreatedAt, group.Counts.ToWire(), group.SealedAt);
}
