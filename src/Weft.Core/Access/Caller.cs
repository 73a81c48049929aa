namespace Weft.Core.Access;

/// <summary>
/// The authenticated caller of a request, and what it may see and change. Only this class decides that, for all use
/// cases.
/// </summary>
public sealed class Caller
{
    /// <summary>Every caller, if no tokens are required: may do everything, and owns nothing.</summary>
    public static readonly Caller Anybody = new(null, null, null);

    /// <summary>
    /// All clients without a token that the frozen surface admits: together they are one owner, with an id that no
    /// token ever gets, limited to the one queue of this surface.
    /// </summary>
    public static readonly Caller Legacy = new(null, new(0), new(Scope.Submit | Scope.Work, [Limits.QueueDefault]));

    private static readonly string[] DefaultOnly = [Limits.QueueDefault];

    // Timers may fire this much early. A wait that ends before the token does would look like an ordinary lack of work.
    private static readonly TimeSpan TimerTick = TimeSpan.FromMilliseconds(20);

    // Null: everything.
    private readonly TokenGrant? _grant;
    private volatile bool _isRevoked;

    public Caller(StoredToken token)
        : this(token, token.Id, token.Grant)
    {
    }

    private Caller(StoredToken? token, TokenId? owner, TokenGrant? grant) =>
        (Token, Owner, _grant) = (token, owner, grant);

    /// <summary>The token that was presented; null for callers without one.</summary>
    public StoredToken? Token { get; }

    /// <summary>The owner of the tasks, groups and modules that this caller creates; null: they have none.</summary>
    public TokenId? Owner { get; }

    /// <summary>
    /// Whether the token has been revoked or has expired: the request must get no more data, even after a wait.
    /// </summary>
    public bool HasEnded(DateTimeOffset now) => _isRevoked || (Token is { } token && !token.IsLive(now));

    /// <summary>Shortens a wait so that it ends just after the token expires.</summary>
    public TimeSpan LimitToTokenLifetime(TimeSpan wait, TimeProvider time)
    {
        if (Token?.Grant.ExpiresAt is not { } end) return wait;
        var left = end - time.GetUtcNow();
        if (left >= wait) return wait;
        return left > TimeSpan.Zero ? left + TimerTick : TimeSpan.Zero;
    }

    /// <summary>
    /// Whether this is <see cref="Legacy"/>: its tasks are marked, and it may claim and settle no others.
    /// </summary>
    public bool IsUntokened => this == Legacy;

    /// <summary>The queues of a claim that names none.</summary>
    public IReadOnlyList<string> QueuesDefault => Queues is { Count: > 0 } queues ? queues : DefaultOnly;

    /// <summary>Whether the caller has one of the scopes; an admin has all.</summary>
    public bool Has(Scope anyOf) => _grant is null || (_grant.Scopes & (anyOf | Scope.Admin)) != 0;

    /// <summary>
    /// Whether the operator trusts the workers that use the token. The scope admin by itself doesn't imply that.
    /// </summary>
    public bool IsTrusted => _grant is { } grant && grant.Scopes.HasFlag(Scope.Trusted);

    internal void Revoke() => _isRevoked = true;

    /// <summary>Whether this caller may submit to a queue and claim from it.</summary>
    public bool MayUse(string queue) => Queues.Count == 0 || Queues.Contains(queue, StringComparer.Ordinal);

    /// <summary>The only queues to submit to and claim from; empty: all.</summary>
    internal IReadOnlyList<string> Queues => _grant?.Queues ?? [];

    /// <summary>
    /// The owner whose tasks, groups and modules this caller sees; null: all. Those of others are treated as absent.
    /// </summary>
    internal TokenId? SeesOnly => Has(Scope.Read) ? null : Owner;

    /// <summary>The owner whose tasks, groups and modules this caller may change; null: all.</summary>
    internal TokenId? ChangesOnly => Has(Scope.Admin) ? null : Owner;

    internal bool Sees(TokenId? owner) => SeesOnly is not { } only || owner == only;

    internal bool MayChange(TokenId? owner) => ChangesOnly is not { } only || owner == only;
}
