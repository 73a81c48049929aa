using Weft.Core.Storage;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The stored standing of one worker in one queue.</summary>
internal sealed class StoredStanding(IdentityId identity, string queue)
{
    /// <summary>The value of the remaining audits if all of a worker's answers are audited.</summary>
    public const long All = 1L << 40;

    private NetworkKey _network;
    private bool _isTrusted;
    private long _seenAt;
    private Standing _standing;
    private long _auditsLeft;
    private (long Answers, long Given) _stored;

    public IdentityId Identity => identity;

    public string Queue => queue;

    /// <summary>The standing for the rule.</summary>
    public Standing Standing
    {
        get => _standing;
        set
        {
            IsChanged |= value != _standing;
            _standing = value;
        }
    }

    /// <summary>The same, for a decision.</summary>
    public Standing Known => _standing with { IsAudited = _auditsLeft > 0 };

    /// <summary>All answers of its own, whatever their outcome.</summary>
    public long Given { get; private set; }

    /// <summary>How many of its earlier answers must be found right before its audit ends; 0: no audit.</summary>
    public long AuditsLeft
    {
        get => _auditsLeft;
        set
        {
            IsChanged |= value != _auditsLeft;
            _auditsLeft = value;
        }
    }

    public bool IsChanged { get; private set; }

    public static StoredStanding Read(IRow row) => new(new(row.Long(0)), row.Text(1))
    {
        _network = new(unchecked((ulong)row.Long(2))),
        _isTrusted = row.Long(3) != 0,
        _standing = new(row.Long(4), row.Long(5), row.Long(6), row.Long(7) != 0, row.Long(11),
            Drawn: row.Long(12)),
        Given = row.Long(8),
        _stored = (row.Long(4), row.Long(8)),
        _auditsLeft = row.Long(9),
        _seenAt = row.Long(10),
    };

    public WorkerStanding ToPublic() => new(
        identity, _network, _standing, _isTrusted, Given, _auditsLeft,
        DateTimeOffset.FromUnixTimeMilliseconds(_seenAt));

    /// <summary>It has given an answer.</summary>
    public void Answered(NetworkKey network, bool isTrusted, bool isOwn, DateTimeOffset now)
    {
        (_network, _isTrusted, _seenAt, IsChanged) = (network, isTrusted, now.ToUnixTimeMilliseconds(), true);
        if (!isOwn) return;
        Standing = Standing.Answered();
        Given++;
    }

    /// <summary>
    /// One of its answers waits for a check. Stored by separate statements that add: a decision may be made elsewhere,
    /// without this object.
    /// </summary>
    public void Opened(bool isDrawn) => _standing = _standing.Opened(isDrawn);

    /// <summary>One that had waited is decided on.</summary>
    public void Closed(bool isDrawn) => _standing = _standing.Closed(isDrawn);

    /// <summary>A task accepted another answer: some of its earlier results are audited.</summary>
    public void Faulted(VerificationPolicy policy)
    {
        Standing = Standing.Faulted();
        AuditsLeft = Math.Max(AuditsLeft, VerificationRules.AuditsAfterFault(policy));
    }

    /// <summary>One of its accepted results was wrong: all of them are audited.</summary>
    public void Proven()
    {
        Standing = Standing.Barred();
        AuditsLeft = All;
    }

    public void Save(IStatements statements)
    {
        statements.Run(StoreSql.UpsertStanding)
            .With(identity.Value)
            .With(queue)
            .With(unchecked((long)_network.Value))
            .With(_isTrusted ? 1 : 0)
            .With(_standing.Answers)
            .With(_standing.Checks)
            .With(_standing.Faults)
            .With(_standing.IsBarred ? 1 : 0)
            .With(Given)
            .With(_auditsLeft)
            .With(_seenAt)
            .With(_stored.Answers)
            .With(_stored.Given);
        _stored = (_standing.Answers, Given);
        IsChanged = false;
    }
}
