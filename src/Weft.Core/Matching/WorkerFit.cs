namespace Weft.Core.Matching;

/// <summary>Which tasks a worker may have. Workers of equal fit may have the same.</summary>
/// <param name="Capabilities">What it has.</param>
/// <param name="ModulesOnly">True: it can run nothing but modules, and gets no other task.</param>
/// <param name="UntokenedOnly">True: it has no token where others need one, and gets only tasks that came without
/// one.</param>
/// <param name="IsProven">True: it has proven who it is, and may have tasks whose results are verified.</param>
/// <param name="IsHeld">
/// True: what it has answered waits for checks, and until then it gets no more of such tasks.
/// </param>
public readonly record struct WorkerFit(
    Capabilities Capabilities, bool ModulesOnly, bool UntokenedOnly = false, bool IsProven = false,
    bool IsHeld = false)
{
    /// <summary>True when the worker may have tasks that require this.</summary>
    public bool Takes(Requirements requires) =>
        (!ModulesOnly || requires.RunsModule) && (!UntokenedOnly || requires.IsUntokened)
            && (!requires.IsVerified || IsProven) && (!requires.IsPaced || !IsHeld) && requires.AreMetBy(Capabilities);

    /// <summary>
    /// The requirements that the worker doesn't meet. None: it takes such tasks, or one of its other bounds forbids it.
    /// </summary>
    public IReadOnlyList<string> Lacks(Requirements requires) => requires.UnmetBy(Capabilities);
}
