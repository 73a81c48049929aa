using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>kill -9 at a random moment.</summary>
internal sealed class KillFault : IFault
{
    public string Name => "kill -9 at a random moment";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 20, 500);
        await target.KillAsync();
        return true;
    }
}
