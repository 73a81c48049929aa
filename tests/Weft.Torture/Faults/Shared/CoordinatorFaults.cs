using Weft.Torture.Targets;

namespace Weft.Torture.Faults.Shared;

/// <summary>kill -9 of one coordinator; it starts again while the others work.</summary>
internal sealed class KillCoordinatorFault(SharedTarget shared) : IFault
{
    public string Name => "kill -9 of a coordinator";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 400);
        var victim = await shared.KillOneAsync(random);
        await Pause.RandomAsync(random, 50, 300);
        if (!await victim.StartAsync())
            throw new InvalidOperationException($"A coordinator does not start again: {victim.Printed}");
        await Pause.RandomAsync(random, 50, 300);
        return true;
    }
}

/// <summary>
/// SIGSTOP of one coordinator for longer than a lease, in the middle of whatever transaction it has open.
/// </summary>
internal sealed class FreezeCoordinatorFault(SharedTarget shared) : IFault
{
    public string Name => "a coordinator frozen for longer than a lease";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 200);
        var victim = shared.Any(random);
        victim.Freeze();
        await Pause.RandomAsync(random, 1_300, 2_300);
        victim.Thaw();
        await Pause.RandomAsync(random, 100, 400);
        return true;
    }
}
