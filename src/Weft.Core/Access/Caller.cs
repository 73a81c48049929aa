namespace Weft.Core.Access;

/// <summary>Who makes a request, and how far their hands reach.</summary>
public sealed class Caller
{
    /// <summary>Anybody, where no tokens are required: may do everything, and owns nothing.</summary>
    public static readonly Caller Anybody = new(null, null, null);

    /// <summary>
    /// Clients without tokens where those are let in to the frozen surface: one submitter like any other, whose number no token
    /// ever has, on the one queue that this surface knows.
    /// </summary>
    public static readonly Caller Legacy = new(null, new(0), new(Scope.Submit | Scope.Work, [Limits.QueueDefault]));

    // Timers may fire this much early, and a request that ends before its token does looks as if there were only no work.
    private static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(20);

    // Null: everything.
    private readonly TokenGrant? _grant;
    private volatile bool _isRevoked;

    public Caller(StoredToken token)
        : this(token, token.Id, token.Grant)
    {
    }

    private Caller(StoredToken? token, TokenId? owner, TokenGrant? grant) => (Token, Owner, _grant) = (token, owner, grant);

    /// <summary>What was presented; null for callers without one.</summary>
    public StoredToken? Token { get; }

    /// <summary>Whom tasks and groups belong to that this caller submits; null: nobody.</summary>
    public TokenId? Owner { get; }

    /// <summary>Whether the token has been revoked, or has run out: what a request has waited for must not be handed out any more.</summary>
    public bool HasEnded(DateTimeOffset now) => _isRevoked || (Token is { } token && !token.IsLive(now));

    /// <summary>How long a request may wait that wants to: a moment longer than its token lives, and no more.</summary>
    public TimeSpan Cut(TimeSpan wait, DateTimeOffset now)
    {
        if (Token?.Grant.ExpiresAt is not { } end || end - now >= wait) return wait;
        return end > now ? end - now + TimerTick : TimeSpan.Zero;
    }

    /// <summary>Whose tasks and groups this caller sees; null: everybody's. Those of others count as absent.</summary>
    public TokenId? SeesOnly => Has(Scope.Read) ? null : Owner;

    /// <summary>Whose tasks and groups this caller may change; null: everybody's.</summary>
    public TokenId? ChangesOnly => Has(Scope.Admin) ? null : Owner;

    /// <summary>The only queues to submit to and claim from; empty: all.</summary>
    public IReadOnlyList<string> Queues => _grant?.Queues ?? [];

    /// <summary>Whether one of the scopes is there; an admin has all.</summary>
    public bool Has(Scope anyOf) => _grant is null || (_grant.Scopes & (anyOf | Scope.Admin)) != 0;

    internal void Revoke() => _isRevoked = true;

    /// <summary>Whether this caller may submit to a queue and claim from it.</summary>
    public bool MayUse(string queue) => Queues.Count == 0 || Queues.Contains(queue, StringComparer.Ordinal);
}
