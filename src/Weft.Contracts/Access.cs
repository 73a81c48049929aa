namespace Weft.Contracts;

/// <summary>What the caller of a request may do.</summary>
/// <param name="Open">True: no tokens are required here, and everybody may do everything.</param>
/// <param name="Scopes">Those of the caller's token; of an open coordinator all.</param>
/// <param name="Queues">The only queues that the token may submit to and claim from; null: all.</param>
/// <param name="Name">The token's; null: it has none.</param>
/// <param name="ExpiresAt">When the token ends, UTC; null: never.</param>
/// <param name="Version">The coordinator's, such as 0.1.0.</param>
public sealed record Access(
    bool Open, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Queues = null, string? Name = null,
    DateTimeOffset? ExpiresAt = null, string? Version = null);
