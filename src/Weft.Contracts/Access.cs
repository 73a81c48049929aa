namespace Weft.Contracts;

/// <summary>The caller's permissions.</summary>
/// <param name="Open">True: no tokens are required here, and everybody may do everything.</param>
/// <param name="Scopes">The scopes of the caller's token; all of them on an open coordinator.</param>
/// <param name="Queues">The only queues that the token may submit to and claim from; null: all.</param>
/// <param name="Name">The token's name; null for none.</param>
/// <param name="ExpiresAt">When the token expires, UTC; null: never.</param>
/// <param name="Version">The coordinator's version, such as 0.1.0.</param>
public sealed record Access(
    bool Open, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Queues = null, string? Name = null,
    DateTimeOffset? ExpiresAt = null, string? Version = null);
