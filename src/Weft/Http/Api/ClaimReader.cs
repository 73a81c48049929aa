using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;

namespace Weft.Http.Api;

/// <param name="Request">The worker, and what it claims.</param>
/// <param name="Wait">How long the response may be held back while there are no tasks.</param>
/// <param name="WorkerKey">The worker's key; null: none was sent.</param>
internal sealed record HeldClaim(ClaimRequest Request, TimeSpan Wait, string? WorkerKey = null);

/// <summary>Reads a worker's request for work.</summary>
internal static class ClaimReader
{
    private static readonly MemberNames Names =
        new("workerId", "queues", "max", "wait", "leaseSeconds", "capabilities", "modulesOnly", "workerKey");
    private static readonly uint WorkerId = Names.Mask("workerId");

    /// <summary>The claim; invalid if <paramref name="json"/> has a fault afterwards.</summary>
    /// <param name="json">Positioned before the claim.</param>
    /// <param name="queuesDefault">The queues of a claim that names none.</param>
    public static HeldClaim Read(ref StrictJson json, IReadOnlyList<string> queuesDefault)
    {
        var claim = new ClaimRequest { WorkerId = "", Queues = queuesDefault };
        var wait = TimeSpan.Zero;
        string? key = null;
        var seen = 0u;
        if (!json.BeginObject()) return new(claim, wait);
        while (json.NextMember(Names, ref seen) is { } name)
        {
            switch (name)
            {
                case "workerId": claim = claim with { WorkerId = json.MendedString(Limits.WorkerIdCharsMax) }; break;
                case "queues": claim = claim with { Queues = Queues(ref json) }; break;
                case "max": claim = claim with { Max = (int)json.Integer(1, Limits.ClaimBatchMax) }; break;
                case "wait": wait = json.Seconds(TimeSpan.Zero, Limits.WaitMax); break;
                case "leaseSeconds":
                    claim = claim with { LeaseTime = json.Seconds(Limits.LeaseTimeMin, Limits.LeaseTimeMax) }; break;
                case "capabilities": claim = claim with { Capabilities = Has(ref json) }; break;
                case "modulesOnly": claim = claim with { ModulesOnly = json.Boolean() }; break;
                case "workerKey": key = json.String(Limits.WorkerKeyCharsMax); break;
            }
        }

        if ((seen & WorkerId) == 0) json.Fail("workerId is missing.");
        return new(claim, wait, key);
    }

    private static List<string> Queues(ref StrictJson json)
    {
        var queues = json.Strings(Limits.ClaimQueuesMax, Limits.QueueNameCharsMax);
        if (queues.Count == 0) json.Fail("queues must name at least one queue.");
        if (!queues.TrueForAll(Core.Tasks.QueueName.IsValid)) json.Fail(ApiRequest.QueueRule("Each of queues"));
        return queues;
    }

    private static Capabilities Has(ref StrictJson json)
    {
        if (Capabilities.TryParse(json.Strings(Limits.CapabilitiesMax, Limits.LabelCharsMax)) is { } capabilities)
            return capabilities;
        json.Fail("capabilities must have labels such as simd or memory=8192.");
        return Capabilities.None;
    }
}
