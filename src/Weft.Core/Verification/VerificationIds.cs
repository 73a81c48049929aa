namespace Weft.Core.Verification;

/// <summary>A worker that verification knows: the name that it proved, under the token that it used.</summary>
public readonly record struct IdentityId(long Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>Where an answer came from: a keyed hash of the network, never the address itself.</summary>
public readonly record struct NetworkKey(ulong Value);
