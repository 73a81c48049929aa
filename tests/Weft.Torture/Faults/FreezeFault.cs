using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>
/// SIGSTOP for longer than a lease, then SIGCONT: a machine that was suspended, or had no time for us.
/// </summary>
internal sealed class FreezeFault : IFault
{
    public string Name => "frozen for longer than a lease";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 200);
        target.Freeze();
        await Pause.RandomAsync(random, 1_300, 2_300);
        target.Thaw();
        await Pause.RandomAsync(random, 100, 400);
        return true;
    }
}
