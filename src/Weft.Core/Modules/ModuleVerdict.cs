namespace Weft.Core.Modules;

/// <summary>
/// Why two runs of a WebAssembly module on the same payload may differ, as far as its bytes show. Without any: they
/// are repeatable.
/// </summary>
[Flags]
public enum ModuleVerdict : byte
{
    /// <summary>Nothing in it differs from run to run, or from machine to machine.</summary>
    Repeatable = 0,

    /// <summary>
    /// It can show the bits of a NaN that an operation made, which engines may choose. <c>fixed</c> mends it.
    /// </summary>
    Nan = 1,

    /// <summary>It asks for the time. <c>fixed</c> mends it.</summary>
    Clock = 2,

    /// <summary>It asks for random bytes. <c>fixed</c> mends it.</summary>
    Random = 4,

    /// <summary>It looks at its environment, where the task's id and attempt are. <c>fixed</c> mends it.</summary>
    Environment = 8,

    /// <summary>It uses relaxed SIMD, whose results depend on the processor: it can't run with <c>fixed</c>.</summary>
    Relaxed = 16,

    /// <summary>It uses atomic instructions, as programs with threads do; it has no others here.</summary>
    Threads = 32,

    /// <summary>It has code that can't be read here: it can't run with <c>fixed</c>.</summary>
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
        /// <summary>What it is called in the API: at least one word.</summary>
        public IReadOnlyList<string> Words => verdict == ModuleVerdict.Repeatable
            ? ["repeatable"]
            : [.. Names.Where(each => verdict.HasFlag(each.Verdict)).Select(static each => each.Name)];
    }
}
