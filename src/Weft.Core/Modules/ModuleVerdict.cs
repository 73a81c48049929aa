namespace Weft.Core.Modules;

/// <summary>
/// Why two runs of a WebAssembly module on the same payload may differ, as far as its bytes show. Without any reason,
/// they are repeatable.
/// </summary>
[Flags]
public enum ModuleVerdict : byte
{
    /// <summary>Its runs don't depend on time or machine.</summary>
    Repeatable = 0,

    /// <summary>
    /// It can expose the bits of a NaN that an operation produced, which engines may choose. <c>fixed</c> removes this.
    /// </summary>
    Nan = 1,

    /// <summary>It reads the time. <c>fixed</c> removes this.</summary>
    Clock = 2,

    /// <summary>It reads random bytes. <c>fixed</c> removes this.</summary>
    Random = 4,

    /// <summary>It reads its environment, which has the task's id and attempt. <c>fixed</c> removes this.</summary>
    Environment = 8,

    /// <summary>It uses relaxed SIMD, whose results depend on the processor: it can't run with <c>fixed</c>.</summary>
    Relaxed = 16,

    /// <summary>It uses atomic instructions, as programs with threads do, though here it has only one thread.</summary>
    Threads = 32,

    /// <summary>It has code that can't be analyzed: it can't run with <c>fixed</c>.</summary>
    Unknown = 64,
}

public static class ModuleVerdicts
{
    private static readonly (ModuleVerdict Verdict, string Name)[] Names =
    [
        (ModuleVerdict.Nan, "nan"), (ModuleVerdict.Clock, "clock"), (ModuleVerdict.Random, "random"),
        (ModuleVerdict.Environment, "environment"), (ModuleVerdict.Relaxed, "relaxed"),
        (ModuleVerdict.Threads, "threads"), (ModuleVerdict.Unknown, "unknown"),
    ];

    extension(ModuleVerdict verdict)
    {
        /// <summary>Its names in the API: at least one word.</summary>
        public IReadOnlyList<string> Words => verdict == ModuleVerdict.Repeatable
            ? ["repeatable"]
            : [.. Names.Where(each => verdict.HasFlag(each.Verdict)).Select(static each => each.Name)];
    }
}
