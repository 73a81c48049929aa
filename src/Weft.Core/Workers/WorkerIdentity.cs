using Weft.Core.Access;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>A worker's proved identity, and its network.</summary>
/// <param name="Id">The identity in its key.</param>
/// <param name="Token">The token that it uses; null: none is required.</param>
/// <param name="Network">The network of its request.</param>
/// <param name="IsTrusted">The operator trusts all workers that use its token.</param>
public sealed record WorkerIdentity(IdentityId Id, TokenId? Token, NetworkKey Network, bool IsTrusted = false);
