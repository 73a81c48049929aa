using System.Text.Json;
using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Core.Verification;
using Weft.Http.Access;
using Weft.Http.Errors;
using Problem = Weft.Http.Errors.Problem;

namespace Weft.Http.Api;

/// <summary>Who has answered a task, and when results of a queue are believed.</summary>
internal sealed class VerifyEndpoints(VerifyTasks verify, AuditTrail audit, AccessControl access)
{
    /// <summary>The names of roles, by their numbers.</summary>
    public static readonly string[] Roles = ["first", "check", "judge", "audit"];
    private static readonly string[] Verdicts = ["open", "agreed", "differed"];

    public async Task ListAnswersAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await verify.ListAnswersAsync(access.CallerOf(context), new(id)) is not { } answers)
        {
            await Problems.AnswerAsync(context, Problems.TaskNotFound);
            return;
        }

        var list = new AnswerList(answers.Policy is { } policy ? ToWire(policy) : null,
            [.. answers.Answers.Select(ToWire)],
            answers.Corrections.Count == 0 ? null : [.. answers.Corrections.Select(GroupProofEndpoints.ToWire)]);
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, list, WireJson.Default.AnswerList);
    }

    public async Task GetAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } badQueue)
        {
            await Problems.AnswerAsync(context, badQueue);
            return;
        }

        if (await verify.FindQueuePolicyAsync(queue) is { } policy) await AnswerAsync(context, policy);
        else await Problems.AnswerAsync(context, Problems.NotVerified);
    }

    public async Task SetAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } badQueue)
        {
            await Problems.AnswerAsync(context, badQueue);
            return;
        }

        if (Read(await RequestBody.ReadAsync(context), out var policy) is { } fault)
        {
            await Problems.AnswerAsync(context, fault);
            return;
        }

        if (await verify.SetQueuePolicyAsync(queue, policy, context.RequestAborted) is { } refused)
        {
            await Problems.AnswerAsync(context, Problems.Of(refused)!);
            return;
        }

        await audit.NoteAsync(access.CallerOf(context), "queue.verify", queue, VerificationPolicyText.Write(policy));
        await AnswerAsync(context, policy);
    }

    public async Task ClearAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } badQueue)
        {
            await Problems.AnswerAsync(context, badQueue);
            return;
        }

        await verify.ClearQueuePolicyAsync(queue);
        await audit.NoteAsync(access.CallerOf(context), "queue.verify", queue, "cleared");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Problem? Read(ReadOnlyMemory<byte> body, out VerificationPolicy policy)
    {
        var json = new StrictJson(body);
        policy = PolicyReader.Read(ref json);
        return json.End();
    }

    private static Task AnswerAsync(HttpContext context, VerificationPolicy policy) => ApiJson.AnswerAsync(
        context, StatusCodes.Status200OK, policy, static (writer, policy) =>
            VerificationPolicyText.Write(writer, policy));

    /// <summary>A policy as the contract has it.</summary>
    public static Verify ToWire(VerificationPolicy policy) =>
        JsonSerializer.Deserialize(VerificationPolicyText.Write(policy), WireJson.Default.Verify)!;

    private static AnswerInfo ToWire(NamedAnswer named)
    {
        var answer = named.Answer;
        return new(
            named.Worker, named.Network, named.ShowsHash ? answer.Sha256.ToString() : null, answer.At,
            Roles[(int)answer.Role], Verdicts[(int)answer.Verdict], answer.IsTrusted ? true : null);
    }
}
