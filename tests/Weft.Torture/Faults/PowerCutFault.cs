using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>The disk loses its power at a random moment, with whatever was not synced.</summary>
internal sealed class PowerCutFault(Ext4Disk disk) : IFault
{
    public string Name => "power cut";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 20, 600);
        // The machine stops before its disk does. A coordinator that ran on could tell somebody of a sync that was
        // under way at the cut: the kernel answers some of those with success, though their pages never reached the
        // disk.
        target.Freeze();
        await disk.CutPowerAsync(target.KillAsync);
        return true;
    }
}
