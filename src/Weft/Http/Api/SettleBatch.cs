using Weft.Core;
using Weft.Core.Storage;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>A worker's report on many of its tasks, and the claim that may come with it.</summary>
internal sealed class SettleBatch(int countMax, long resultBytesMax, IReadOnlyList<string> queuesDefault)
{
    private static readonly MemberNames Names = new("workerId", "items", "claim");
    // {"id":1,"leaseToken":"…","action":"…"}, so that the lists needn't grow.
    private const int ItemBytesLeast = 40;
    private static readonly uint NeitherIsThere = Names.Mask("items", "claim");

    private readonly List<TaskChange> _changes = new(countMax);

    // For each item its parse error; null if it is the next of the changes.
    private readonly List<Problem?> _faults = new(countMax);

    public string? WorkerId { get; private set; }

    /// <summary>Null if nothing is claimed.</summary>
    public HeldClaim? Claim { get; set; }

    /// <summary>The items that can be applied, in order.</summary>
    public IReadOnlyList<TaskChange> Changes => _changes;

    public static Problem? Read(ReadOnlyMemory<byte> body, long resultBytesMax, IReadOnlyList<string> queuesDefault,
        out SettleBatch batch)
    {
        var countMax = Math.Min(Limits.SettleBatchMax, body.Length / ItemBytesLeast);
        batch = new(countMax, Math.Min(resultBytesMax, Limits.BatchItemBytesMax), queuesDefault);
        var json = new StrictJson(body);
        var seen = 0u;
        if (json.BeginObject())
        {
            while (json.NextMember(Names, ref seen) is { } name) batch.ReadMember(ref json, name);
        }

        if ((seen & NeitherIsThere) == 0) json.Fail("items is missing.");
        return json.End();
    }

    /// <summary>
    /// The outcome of each item, in order: those of <see cref="Changes"/>, and the parse errors of the invalid items.
    /// </summary>
    public IEnumerable<(Problem? Fault, ChangeOutcome Outcome)> Outcomes(IReadOnlyList<ChangeOutcome> outcomes)
    {
        var next = 0;
        foreach (var fault in _faults) yield return fault is null ? (null, outcomes[next++]) : (fault, default);
    }

    private void ReadMember(ref StrictJson json, string name)
    {
        switch (name)
        {
            case "workerId": WorkerId = json.MendedString(Limits.WorkerIdCharsMax); break;
            case "items": ReadItems(ref json); break;
            case "claim": Claim = ClaimReader.Read(ref json, queuesDefault); break;
        }
    }

    private void ReadItems(ref StrictJson json)
    {
        if (!json.BeginArray()) return;
        while (json.NextItem())
        {
            if (_faults.Count == Limits.SettleBatchMax)
            {
                json.Fail($"items must have at most {Limits.SettleBatchMax} items.");
                return;
            }

            var change = SettleReader.ReadItem(ref json, resultBytesMax);
            var fault = json.EndItem();
            if (fault is null) _changes.Add(change);
            _faults.Add(fault);
        }
    }
}
