using Weft.Core.Access;

namespace Weft.Core.Modules;

/// <summary>The module of a task, how to run it, and the files that it finds.</summary>
/// <param name="Module">Its hash; null: only files.</param>
/// <param name="Run"> A JSON object of the differences from the defaults (arguments, environment, limits); null for
/// none. The coordinator passes it on; only the worker reads it.
/// </param>
public sealed record ModuleCall(ModuleHash? Module, ReadOnlyMemory<byte>? Run)
{
    /// <summary>The same with deterministic runs, as comparing answers requires, whatever the task says.</summary>
    public ModuleCall AsFixed()
    {
        if (Module is null) return this;
        var run = Run is { Length: > 2 } given ? given.Span : "{}"u8;
        // In the written form, in which the member comes last.
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
    /// The submitter of the claimed task; null: none. A worker uses it to keep the tasks of different submitters apart.
    /// </summary>
    public TokenId? Submitter { get; init; }
}
