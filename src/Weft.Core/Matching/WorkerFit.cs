namespace Weft.Core.Matching;

/// <summary>Which tasks a worker may have. Workers of equal fit may have the same ones.</summary>
/// <param name="Capabilities">Its capabilities.</param>
/// <param name="ModulesOnly">True: it can run only modules, and gets no other tasks.</param>
/// <param name="UntokenedOnly">True: it has no token where others need one, and gets only tasks submitted without
/// one.</param>
/// <param name="IsProven">True: it has proved its identity, and may have tasks whose results are verified.</param>
/// <param name="IsHeld"> True: its answers wait for checks, and until then it gets no more of such tasks.
/// </param>
public readonly record struct WorkerFit(
    Capabilities Capabilities, bool ModulesOnly, bool UntokenedOnly = false, bool IsProven = false,
    bool IsHeld = false)
{
    /// <summary>True if the worker may have tasks with these requirements.</summary>
    public bool Takes(Requirements requires) =>
        (!ModulesOnly || requires.RunsModule) && (!UntokenedOnly || requires.IsUntokened)
            && (!requires.IsVerified || IsProven) && (!requires.IsPaced || !IsHeld) && requires.AreMetBy(Capabilities);

    /// <summary>
    /// The requirements that the worker doesn't meet. Empty: it may have such tasks, or another restriction forbids it.
    /// </summary>
    public IReadOnlyList<string> Lacks(Requirements requires) => requires.UnmetBy(Capabilities);
}
