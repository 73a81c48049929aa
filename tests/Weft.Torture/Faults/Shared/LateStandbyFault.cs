using Weft.Testing.Postgres;
using Weft.Torture.Targets;

namespace Weft.Torture.Faults.Shared;

/// <summary>
/// The standby is away for a while, and the primary is lost before it comes back: it is promoted with a part missing. A
/// synchronous one makes commits wait instead.
/// </summary>
internal sealed class LateStandbyFault(PostgresPair pair, FailoverFault failover) : IFault
{
    public string Name => "a standby that lags is promoted";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 100, 300);
        // Killed, not frozen: what was sent to a frozen one waits in its socket, and is not lost.
        await pair.Standby!.KillAsync();
        await Pause.RandomAsync(random, 300, 600);
        await pair.LosePrimaryAsync();
        await pair.Standby.StartAsync();
        return await failover.StrikeAsync(target, random);
    }
}
