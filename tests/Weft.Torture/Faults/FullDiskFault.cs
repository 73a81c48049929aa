using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>Every write finds the disk full for a while; then there is room again.</summary>
internal sealed class FullDiskFault(Shim shim) : IFault
{
    public string Name => "the disk is full for a while";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 200);
        shim.FillDisk(true);
        await Pause.RandomAsync(random, 200, 600);
        shim.FillDisk(false);
        await Pause.RandomAsync(random, 100, 300);
        return true;
    }
}
