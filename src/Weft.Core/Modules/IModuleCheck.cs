namespace Weft.Core.Modules;

/// <summary>Checks a module piece by piece as it arrives, without keeping it.</summary>
public interface IModuleCheck
{
    /// <summary>
    /// Checks the next bytes. Null, or one sentence that says why this is not a valid module; then no more may follow.
    /// </summary>
    string? Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Call after all bytes. Null, or one sentence that says what is missing.</summary>
    string? Finish();

    /// <summary>
    /// How repeatable its runs are, if <see cref="Finish"/> has found no error; null: unknown for its kind.
    /// </summary>
    ModuleVerdict? Verdict => null;
}
