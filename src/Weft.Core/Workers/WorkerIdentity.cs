using Weft.Core.Access;
using Weft.Core.Verification;

namespace Weft.Core.Workers;

/// <summary>Who a worker is, as far as it has proven that, and from where it asks.</summary>
/// <param name="Id">What its key stands for.</param>
/// <param name="Token">The token that it uses; null: none is required.</param>
/// <param name="Network">Where it asks from.</param>
/// <param name="IsTrusted">The operator vouches for all that use its token.</param>
public sealed record WorkerIdentity(IdentityId Id, TokenId? Token, NetworkKey Network, bool IsTrusted = false);
