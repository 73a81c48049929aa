namespace Weft.Core.Verification;

/// <summary>
/// The newest checks of a module, at most <see cref="Limits.VerifyModuleChecks"/>: where elders without a fault keep
/// coming to different answers, the module is what differs. <c>default</c> has none.
/// </summary>
/// <param name="Disputes">A bit for each, the newest lowest: whether such elders differed.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct ModuleChecks(UInt128 Disputes, int Count)
{
    private static readonly UInt128 Mask = (UInt128.One << Limits.VerifyModuleChecks) - 1;

    /// <summary>One check more.</summary>
    public ModuleChecks With(bool isDispute) =>
        new(((Disputes << 1) | (isDispute ? UInt128.One : 0)) & Mask, Math.Min(Count + 1, Limits.VerifyModuleChecks));

    /// <summary>
    /// True where such workers differ often: many of them lie, or the module's runs differ by themselves.
    /// </summary>
    public bool HasManyDisputes
    {
        get
        {
            var disputes = (int)UInt128.PopCount(Disputes);
            return disputes > Limits.VerifyModuleDisputesMax && disputes > Limits.VerifyModuleDisputeShareMax * Count;
        }
    }
}
