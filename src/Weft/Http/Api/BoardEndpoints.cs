using Weft.Contracts;
using Weft.Core;
using Weft.Core.UseCases;
using Weft.Http.Access;
using Weft.Http.Bounds;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>The names of volunteers, if the operator has enabled the board.</summary>
/// <param name="board">Null: disabled.</param>
internal sealed class BoardEndpoints(
    ProveWorkers workers, AuditTrail audit, AccessControl access, NameBoard? board = null)
{
    // A name of 40 characters that take six bytes each, and the surrounding JSON.
    private const int EntryBytes = 420;

    private static readonly MemberNames Names = new("workerKey", "name");
    private static readonly uint WorkerKey = Names.Mask("workerKey");

    public async Task ListAsync(HttpContext context)
    {
        if (ApiRequest.ReadLimit(context, out var limit, Limits.BoardNamesMax) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        var lines = board is null ? [] : await board.ListAsync(limit);
        BodyShare.CoverAnswer(context, lines.Count * (long)EntryBytes);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, new Board(board is not null,
            [.. lines.Select(ToWire)]), WireJson.Default.Board);
    }

    public async Task SetAsync(HttpContext context)
    {
        if (Read(await RequestBody.ReadAsync(context), out var key, out var name) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (board is null)
        {
            await Problems.AnswerAsync(context, Problems.NoBoard);
            return;
        }

        var address = context.Connection.RemoteIpAddress;
        if (await workers.ReadAsync(access.CallerOf(context), key, address) is not { } worker)
        {
            await Problems.AnswerAsync(context, Problems.InvalidWorkerKey);
        }
        else if (await board.SetAsync(worker, name) is not { } called)
        {
            await Problems.AnswerAsync(context, Problems.TakenOffBoard);
        }
        else
        {
            await ApiJson.AnswerAsync(
                context, StatusCodes.Status200OK, new BoardName(called, name), WireJson.Default.BoardName);
        }
    }

    public async Task TakeOffAsync(HttpContext context)
    {
        var worker = (string)context.Request.RouteValues["worker"]!;
        if (board is null || !await board.TakeOffAsync(worker))
        {
            await Problems.AnswerAsync(context, board is null ? Problems.NoBoard : Problems.NotOnBoard);
            return;
        }

        await audit.NoteAsync(access.CallerOf(context), "board.remove", worker);
        await ApiJson.AnswerAsync(
            context, StatusCodes.Status200OK, new BoardName(worker), WireJson.Default.BoardName);
    }

    private static Problem? Read(ReadOnlyMemory<byte> body, out string key, out string? name)
    {
        var json = new StrictJson(body);
        (key, name) = ("", null);
        var seen = 0u;
        if (!json.BeginObject()) return json.End();
        while (json.NextMember(Names, ref seen) is { } member)
        {
            if (member == "workerKey") key = json.String(Limits.WorkerKeyCharsMax);
            else if ((name = Core.Workers.BoardName.Read(json.String(Limits.BoardNameCharsMax))) is null)
                json.Fail(Core.Workers.BoardName.Rule);
        }

        if ((seen & WorkerKey) == 0) json.Fail("workerKey is missing.");
        return json.End();
    }

    private static BoardEntry ToWire(BoardLine line)
    {
        var named = line.Named;
        return new(
            line.Worker, named.Name!, named.Tasks, Math.Round(named.Computed.TotalSeconds, 1), named.Since,
            named.SeenAt);
    }
}
