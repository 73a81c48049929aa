using Weft.Testing.Postgres;
using Weft.Torture.Reporting;
using Weft.Torture.Targets;

namespace Weft.Torture.Faults.Shared;

/// <summary>
/// The primary is lost for good, its standby promoted, and a new standby put in its place, all under load.
/// </summary>
/// <param name="shared">The coordinators, which find the new primary by themselves.</param>
/// <param name="pair">The servers.</param>
/// <param name="pauses">Where the pause in service is noted.</param>
/// <param name="before">How long there is no primary at all; zero: it is promoted at once.</param>
internal sealed class FailoverFault(SharedTarget shared, PostgresPair pair, FailoverPauses pauses,
    TimeSpan before = default) : IFault
{
    public string Name =>
        before == default ? "kill -9 of the primary, standby promoted"
            : $"kill -9 of the primary, standby promoted after {before.TotalSeconds:F0} s";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 300, 900);
        shared.Hurt();
        var killed = TimeProvider.System.GetTimestamp();
        await pair.LosePrimaryAsync();
        var outage = new Outage(shared);
        var probes = outage.RunAsync(killed);
        if (before != default)
        {
            await Task.WhenAny(outage.AllAreUnready, probes);
            await Task.Delay(before, TimeProvider.System);
        }

        outage.MayEnd();
        var promoting = TimeProvider.System.GetTimestamp();
        await pair.PromoteAsync();
        var promotion = TimeProvider.System.GetElapsedTime(promoting);
        var (first, all) = await probes;
        if (before == default) pauses.Add(first, all, promotion);
        await pair.RepairAsync();
        await Pause.RandomAsync(random, 200, 500);
        return true;
    }
}
