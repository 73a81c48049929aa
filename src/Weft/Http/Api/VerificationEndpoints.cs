using Weft.Contracts;
using Weft.Core.UseCases;
using Weft.Core.Verification;
using Weft.Http.Access;
using Weft.Http.Errors;
using CoreSample = Weft.Core.Storage.VerifiedSample;
using CoreVerification = Weft.Core.UseCases.QueueVerification;
using QueueVerification = Weft.Contracts.QueueVerification;
using VerifiedSample = Weft.Contracts.VerifiedSample;

namespace Weft.Http.Api;

/// <summary>What results of a queue, or of a group, are promised to be, and what they were found to be.</summary>
internal sealed class VerificationEndpoints(WatchVerification watch, VerifyTasks verify, AccessControl access)
{
    public async Task GetGroupAsync(HttpContext context)
    {
        if (!RequestValues.TryReadId(context, out var id))
        {
            await Problems.AnswerAsync(context, ApiRequest.InvalidId);
            return;
        }

        if (await verify.SampleAsync(access.CallerOf(context), new(id)) is not { } sample)
        {
            await Problems.AnswerAsync(context, Problems.GroupNotFound);
            return;
        }

        var found = new GroupVerification(ToWire(sample.Policy), ToWire(sample.Policy, sample, copiesPredicted: null));
        await ApiJson.AnswerAsync(context, StatusCodes.Status200OK, found, WireJson.Default.GroupVerification);
    }

    public async Task GetQueueAsync(HttpContext context)
    {
        if (ApiRequest.ReadQueue(context, out var queue) is { } problem)
        {
            await Problems.AnswerAsync(context, problem);
            return;
        }

        var found = await watch.LookAsync(access.CallerOf(context), queue);
        await ApiJson.AnswerAsync(
            context, StatusCodes.Status200OK, ToWire(found), WireJson.Default.QueueVerification);
    }

    private static QueueVerification ToWire(CoreVerification found)
    {
        var workers = found.Workers;
        return new(
            ToWire(found.Policy), ToWire(found.Policy, found.Sample, found.CopiesPredicted),
            new(found.Waiting, [.. found.Reasons.Select(static reason =>
                new WaitingReason(reason.Detail, reason.Tasks))]),
            new(workers.Seen, workers.Elders, workers.Trusted, workers.Barred, workers.Audited),
            [.. found.Suspects.Select(ToWire)]);
    }

    private static Verify? ToWire(VerificationPolicy? policy) =>
        policy is null ? null : VerifyEndpoints.ToWire(policy);

    private static VerifiedSample ToWire(
        VerificationPolicy? policy, CoreSample sample, double? copiesPredicted) => new(
        sample.Results, sample.Results == 0 ? null : Rounded((double)sample.Answers / sample.Results),
        Rounded(copiesPredicted), sample.Checked, sample.Differed, sample.Audited, sample.Wrong,
        policy is null ? null : VerificationRules.IsKept(policy, sample.Results, sample.Wrong), sample.Risk);

    private static SuspectInfo ToWire(Suspect suspect)
    {
        var (known, standing) = (suspect.Known, suspect.Known.Standing);
        return new(
            suspect.Worker, suspect.Network, standing.Answers, standing.Checks, standing.Faults, standing.IsBarred,
            known.AuditsLeft > 0, known.SeenAt);
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
