using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>The disk loses its power at a random moment, with whatever was not synced.</summary>
internal sealed class PowerCutFault(Ext4Disk disk) : IFault
{
    public string Name => "power cut";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 20, 600);
        await disk.CutPowerAsync(target.KillAsync);
        return true;
    }
}
