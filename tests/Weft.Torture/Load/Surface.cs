namespace Weft.Torture.Load;

/// <summary>Where clients find a target, and what its answers mean.</summary>
/// <param name="Addresses">Any of them will do for any request.</param>
/// <param name="UnavailableIsRefused">Whether a store that says it isn't available has certainly changed nothing.
/// False: as after a failed sync, nobody knows.</param>
/// <param name="Watch">Sees every answer; null for nobody.</param>
/// <param name="Token">Sent with every request; null where none is asked for.</param>
/// <param name="IsFronted">Whether an answer may be somebody else's, or none though the coordinator runs.</param>
internal sealed record Surface(IReadOnlyList<Uri> Addresses, bool UnavailableIsRefused = false,
    AnswerWatch? Watch = null, string? Token = null, bool IsFronted = false);
