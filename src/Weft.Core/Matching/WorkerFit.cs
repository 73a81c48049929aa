namespace Weft.Core.Matching;

/// <summary>Which tasks a worker may have. Workers of equal fit may have the same.</summary>
/// <param name="Capabilities">What it has.</param>
/// <param name="ModulesOnly">True: it can run nothing but modules, and gets no other task.</param>
public readonly record struct WorkerFit(Capabilities Capabilities, bool ModulesOnly)
{
    /// <summary>True when the worker may have tasks that require this.</summary>
    public bool Takes(Requirements requires) => (!ModulesOnly || requires.RunsModule) && requires.AreMetBy(Capabilities);
}
