namespace Weft.Core.Modules;

/// <summary>Looks at a module piece by piece as it arrives, and keeps nothing of it.</summary>
public interface IModuleCheck
{
    /// <summary>
    /// Takes the next bytes. Null, or one sentence that says why this is no module; then no more may follow.
    /// </summary>
    string? Feed(ReadOnlySpan<byte> bytes);

    /// <summary>All bytes were fed. Null, or one sentence that says what is missing.</summary>
    string? Finish();

    /// <summary>
    /// How repeatable its runs are, once <see cref="Finish"/> has found nothing; null: its kind doesn't show that.
    /// </summary>
    ModuleVerdict? Verdict => null;
}
