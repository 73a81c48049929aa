using Weft.Core;
using Weft.Core.Matching;
using Weft.Core.Storage;

namespace Weft.Http.Api;

/// <param name="Request">Who asks, and for what.</param>
/// <param name="Wait">How long the answer may be held back while there is nothing.</param>
internal sealed record HeldClaim(ClaimRequest Request, TimeSpan Wait)
{
    public bool NamesNoQueue => ReferenceEquals(Request.Queues, ClaimReader.QueuesDefault);
}

/// <summary>Reads a worker's request for work.</summary>
internal static class ClaimReader
{
    private static readonly MemberNames Names = new("workerId", "queues", "max", "wait", "leaseSeconds", "capabilities", "modulesOnly");
    private static readonly uint WorkerId = Names.Mask("workerId");
    public static readonly string[] QueuesDefault = [Limits.QueueDefault];

    /// <summary>The claim; worth nothing when <paramref name="json"/> has a fault afterwards.</summary>
    public static HeldClaim Read(ref StrictJson json)
    {
        var claim = new ClaimRequest { WorkerId = "", Queues = QueuesDefault };
        var wait = TimeSpan.Zero;
        var seen = 0u;
        if (!json.BeginObject()) return new(claim, wait);
        while (json.NextMember(Names, ref seen) is { } name)
        {
            switch (name)
            {
                case "workerId": claim = claim with { WorkerId = json.String(Limits.WorkerIdCharsMax) }; break;
                case "queues": claim = claim with { Queues = Queues(ref json) }; break;
                case "max": claim = claim with { Max = (int)json.Integer(1, Limits.ClaimBatchMax) }; break;
                case "wait": wait = json.Seconds(TimeSpan.Zero, Limits.WaitMax); break;
                case "leaseSeconds": claim = claim with { LeaseTime = json.Seconds(Limits.LeaseTimeMin, Limits.LeaseTimeMax) }; break;
                case "capabilities": claim = claim with { Capabilities = Has(ref json) }; break;
                default: claim = claim with { ModulesOnly = json.Boolean() }; break;
            }
        }

        if ((seen & WorkerId) == 0) json.Fail("workerId is missing.");
        return new(claim, wait);
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
        if (Capabilities.TryParse(json.Strings(Limits.CapabilitiesMax, Limits.LabelCharsMax)) is { } capabilities) return capabilities;
        json.Fail("capabilities must have labels such as simd or memory=8192.");
        return Capabilities.None;
    }
}
