using Weft.Core.Storage;
using Weft.Core.Verification;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>What is stored of one worker in one queue.</summary>
internal sealed class StoredStanding(IdentityId identity, string queue)
{
    /// <summary>So many audits are left where all of a worker's answers are looked at again.</summary>
    public const long All = 1L << 40;

    private NetworkKey _network;
    private bool _isTrusted;
    private long _seenAt;
    private Standing _standing;
    private long _auditsLeft;
    private (long Answers, long Given) _stored;

    public IdentityId Identity => identity;

    public string Queue => queue;

    /// <summary>What the rule knows of it.</summary>
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

    /// <summary>All answers of its own, whatever became of them.</summary>
    public long Given { get; private set; }

    /// <summary>
    /// So many of its earlier answers must be found right before nobody looks any more; 0: nobody does.
    /// </summary>
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
        _standing = new(row.Long(4), row.Long(5), row.Long(6), row.Long(7) != 0, row.Long(11)),
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
    /// One of its answers waits for a check (+1), or is decided on (-1). Stored by statements of their own, which add:
    /// a decision may end elsewhere, where this is not at hand.
    /// </summary>
    public void AddOpen(int change) => _standing = _standing with { Open = Math.Max(0, _standing.Open + change) };

    /// <summary>A task believes another answer: some of what it stood for is looked at again.</summary>
    public void Faulted(VerificationPolicy policy)
    {
        Standing = Standing.Faulted();
        AuditsLeft = Math.Max(AuditsLeft, VerificationRules.AuditsAfterFault(policy));
    }

    /// <summary>What it had been believed about was wrong: all of it is looked at again.</summary>
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
