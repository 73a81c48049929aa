using Weft.Core.Metrics;
using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Leases ready tasks to a worker.</summary>
internal sealed class ClaimOperation(ClaimRequest request) : StoreOperation<IReadOnlyList<ClaimedTask>>
{
    private const int ShortBytesMax = 16 << 10;

    private TaskClaim? _claim;

    public override StoreVerb Verb => StoreVerb.Claim;

    public override int Rows => request.Max;

    public override bool IsShort => IsShortToWrite(Outcome);

    public override void Plan(ReadPlan plan) => plan.Claims.Add(_claim = new(request));

    public override void Decide(WriteTransaction transaction) => _claim = transaction.Claim(request, _claim);

    public override void Finish(WriteTransaction transaction) => Outcome = transaction.Complete(_claim!);

    public static bool IsShortToWrite(IReadOnlyList<ClaimedTask> claimed) => claimed.Count == 0
        || (claimed.Count == 1
            && claimed[0].Payload.Bytes.Length + (claimed[0].Checkpoint?.Length ?? 0) <= ShortBytesMax);
}
