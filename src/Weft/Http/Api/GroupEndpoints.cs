using Weft.Contracts;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Http.Access;
using Weft.Http.Bounds;

namespace Weft.Http.Api;

/// <summary>Tasks that belong together: made, looked at and called off as one.</summary>
internal sealed class GroupEndpoints(ITaskStore store, AccessControl access)
{
    private static readonly MemberNames Names = new("name");

    public async Task CreateAsync(HttpContext context)
    {
        if (ReadName(await RequestBody.ReadAsync(context, Urgency.BringsWork), out var name) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var id = await store.CreateGroupAsync(name, access.CallerOf(context).Owner);
        context.Response.Headers.Location = $"{ApiRoutes.Groups}/{id}";
        // Groups are never deleted.
        var group = (await AfterChange.GoOnAsync(store.FindGroupAsync(id)))!;
        await ApiJson.AnswerAsync(context, StatusCodes.Status201Created, ToWire(group), WireJson.Default.Group);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (await FindSeenAsync(context) is { } group) await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, ToWire(group), WireJson.Default.Group);
    }

    public async Task CancelAsync(HttpContext context)
    {
        if (await FindAsync(context, access.CallerOf(context).ChangesOnly) is not { } group) return;
        var cancelled = await CancelAllAsync(store, CancelSelection.Of(group.Id), context.RequestAborted);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new CancelOutcome(cancelled), WireJson.Default.CancelOutcome);
    }

    /// <summary>Cancels a selection in bites, so that others get their turn.</summary>
    public static async Task<int> CancelAllAsync(ITaskStore store, CancelSelection selection, CancellationToken gone)
    {
        var cancelled = 0;
        for (CancelSelection? rest = selection; rest is not null; gone.ThrowIfCancellationRequested())
        {
            var next = store.CancelAsync(rest, Limits.SweepBatchMax);
            (var bite, rest) = await (cancelled == 0 ? next : AfterChange.GoOnAsync(next));
            cancelled += bite;
        }

        return cancelled;
    }

    /// <summary>The group that the path names; null: there is none, and that has been answered.</summary>
    public Task<StoredGroup?> FindSeenAsync(HttpContext context) => FindAsync(context, access.CallerOf(context).SeesOnly);

    /// <param name="owner">Whose group it must be: one of others counts as absent. Null: anybody's.</param>
    private async Task<StoredGroup?> FindAsync(HttpContext context, Core.Access.TokenId? owner)
    {
        if (!ApiRequest.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return null;
        }

        var group = await store.FindGroupAsync(new GroupId(id));
        if (group is not null && owner is not null && group.Owner != owner) group = null;
        if (group is null) await Problems.AnswerAsync(context, Problems.Of(SubmitStatus.GroupNotFound)!);
        return group;
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

    private static Group ToWire(StoredGroup group) => new(group.Id.Value, group.Name, group.CreatedAt, group.Counts.ToWire());
}
