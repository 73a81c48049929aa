namespace Weft.Core.Access;

/// <summary>Who makes a request, and how far their hands reach.</summary>
public sealed class Caller
{
    /// <summary>Anybody, where no tokens are required: may do everything, and owns nothing.</summary>
    public static readonly Caller Anybody = new(null);

    /// <summary>
    /// Clients without tokens where those are let in to the frozen surface: one submitter like any other, whose number no token
    /// ever has, on the one queue that this surface knows.
    /// </summary>
    public static readonly Caller Legacy = new(new(new(0), new(Scope.Submit | Scope.Work, [Limits.QueueDefault]), DateTimeOffset.UnixEpoch, default));

    /// <param name="token">What was presented.</param>
    public Caller(StoredToken? token) => Token = token;

    /// <summary>Null for <see cref="Anybody"/>.</summary>
    public StoredToken? Token { get; }

    /// <summary>Whom tasks and groups belong to that this caller submits; null: nobody.</summary>
    public TokenId? Owner => Token?.Id;

    /// <summary>Whose tasks and groups this caller sees; null: everybody's. Those of others count as absent.</summary>
    public TokenId? SeesOnly => Token is null || Has(Scope.Read) ? null : Token.Id;

    /// <summary>Whose tasks and groups this caller may change; null: everybody's.</summary>
    public TokenId? ChangesOnly => Token is null || Has(Scope.Admin) ? null : Token.Id;

    /// <summary>The only queues to submit to and claim from; empty: all.</summary>
    public IReadOnlyList<string> Queues => Token?.Grant.Queues ?? [];

    /// <summary>Whether one of the scopes is there; an admin has all.</summary>
    public bool Has(Scope anyOf) => Token is null || (Token.Grant.Scopes & (anyOf | Scope.Admin)) != 0;

    /// <summary>Whether this caller may submit to a queue and claim from it.</summary>
    public bool MayUse(string queue) => Token is null || Token.Grant.Queues.Count == 0 || Token.Grant.Queues.Contains(queue, StringComparer.Ordinal);
}
