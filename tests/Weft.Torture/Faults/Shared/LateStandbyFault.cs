using Weft.Testing.Postgres;
using Weft.Torture.Targets;

namespace Weft.Torture.Faults.Shared;

/// <summary>The standby lags behind when the primary is lost. A synchronous one can't; only an asynchronous one is promoted with a part missing.</summary>
internal sealed class LateStandbyFault(PostgresPair pair, FailoverFault failover) : IFault
{
    public string Name => "a standby that lags is promoted";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 100, 300);
        pair.Standby!.Freeze();
        await Pause.RandomAsync(random, 200, 400);
        await pair.LosePrimaryAsync();
        pair.Standby.Thaw();
        return await failover.StrikeAsync(target, random);
    }
}
