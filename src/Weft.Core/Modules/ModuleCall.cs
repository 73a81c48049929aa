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
    /// <summary>
    /// The same with equal runs for equal payloads, as answers that are compared need them, whatever the task says.
    /// </summary>
    public ModuleCall AsFixed()
    {
        if (Module is null) return this;
        var run = Run is { Length: > 2 } given ? given.Span : "{}"u8;
        // As it is written: the member stands last.
        if (run.EndsWith("\"fixed\":true}"u8)) return this;
        return this with
        {
            Run = (byte[])[.. run[..^1], .. run.Length > 2 ? ","u8 : default, .. "\"fixed\":true}"u8],
        };
    }

    /// <summary>The files, as <see cref="FileSet.Json"/>; null for none.</summary>
    public ReadOnlyMemory<byte>? Files { get; init; }

    /// <summary><see cref="FileSet.Id"/> of the files of a task; null for none.</summary>
    public long? FileSetId { get; init; }

    /// <summary>
    /// Whose task it is that was claimed; null: nobody's. A worker keeps apart in its memory what different submitters
    /// own.
    /// </summary>
    public TokenId? Submitter { get; init; }
}
