using Weft.Core.Access;

namespace Weft.Core.Modules;

/// <summary>The module that a task runs, how, and the files that it finds.</summary>
/// <param name="Module">Its hash; null: it has files alone.</param>
/// <param name="Run">
/// A JSON object of what differs from the defaults (arguments, environment, limits); null for nothing. Only who runs
/// the module reads it: the coordinator hands it on.
/// </param>
public sealed record ModuleCall(ModuleHash? Module, ReadOnlyMemory<byte>? Run)
{
    /// <summary>The files, as <see cref="FileSet.Json"/>; null for none.</summary>
    public ReadOnlyMemory<byte>? Files { get; init; }

    /// <summary>
    /// Whose task it is that was claimed; null: nobody's. A worker keeps apart in its memory what different submitters
    /// own.
    /// </summary>
    public TokenId? Submitter { get; init; }
}
