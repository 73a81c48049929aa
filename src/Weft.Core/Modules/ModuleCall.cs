using Weft.Core.Access;

namespace Weft.Core.Modules;

/// <summary>The module that a task runs, and how.</summary>
/// <param name="Module">Its hash.</param>
/// <param name="Run">
/// A JSON object of what differs from the defaults (arguments, environment, limits); null for nothing. Only who runs the
/// module reads it: the coordinator hands it on.
/// </param>
public sealed record ModuleCall(ModuleHash Module, ReadOnlyMemory<byte>? Run)
{
    /// <summary>
    /// Whose task it is that was claimed; null: nobody's. A worker keeps apart in its memory what different submitters own.
    /// </summary>
    public TokenId? Submitter { get; init; }
}
