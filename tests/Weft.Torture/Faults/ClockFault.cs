using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>The wall clock jumps an hour ahead, two hours back, and home again.</summary>
internal sealed class ClockFault(Shim shim) : IFault
{
    public string Name => "the clock jumps";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        foreach (var hours in new[] { 0, 1, -1, 0 })
        {
            shim.MoveClock(TimeSpan.FromHours(hours));
            await Pause.RandomAsync(random, 100, 400);
        }

        return true;
    }
}
