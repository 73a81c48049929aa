using Weft.Testing.Postgres;
using Weft.Torture.Targets;

namespace Weft.Torture.Faults.Shared;

/// <summary>kill -9 of the primary, which recovers from its log and goes on.</summary>
internal sealed class CrashPrimaryFault(SharedTarget shared, PostgresPair pair) : IFault
{
    public string Name => "kill -9 of the primary, which recovers";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 400);
        shared.Hurt();
        await pair.Primary.KillAsync();
        await pair.Primary.StartAsync();
        await pair.AwaitStandbyAsync();
        await Pause.RandomAsync(random, 100, 400);
        return true;
    }
}

/// <summary>kill -9 of the standby; commits wait until it is back.</summary>
internal sealed class CrashStandbyFault(SharedTarget shared, PostgresPair pair) : IFault
{
    public string Name => "kill -9 of the standby, which comes back";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 400);
        shared.Hurt();
        await pair.Standby!.KillAsync();
        await Pause.RandomAsync(random, 50, 1_500);
        await pair.Standby.StartAsync();
        await pair.AwaitStandbyAsync();
        await Pause.RandomAsync(random, 100, 400);
        return true;
    }
}

/// <summary>SIGSTOP of the primary and all of its backends for longer than a lease.</summary>
internal sealed class FreezePrimaryFault(PostgresPair pair) : IFault
{
    public string Name => "the primary frozen for longer than a lease";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        await Pause.RandomAsync(random, 50, 200);
        pair.Primary.Freeze();
        await Pause.RandomAsync(random, 1_300, 2_300);
        pair.Primary.Thaw();
        await Pause.RandomAsync(random, 100, 400);
        return true;
    }
}

/// <summary>All connections are cut, several times over, in the middle of whatever they carry.</summary>
internal sealed class CutFault(IReadOnlyList<CuttingProxy> proxies) : IFault
{
    private const int Cuts = 5;

    public string Name => "connections cut, five times";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        var cut = 0;
        for (var i = 0; i < Cuts; i++)
        {
            await Pause.RandomAsync(random, 50, 200);
            cut += proxies.Sum(static proxy => proxy.Cut());
        }

        await Pause.RandomAsync(random, 100, 200);
        return cut > 0;
    }
}

/// <summary>
/// An administrator cancels and ends what coordinators do, several times over: among it commits that wait for the
/// standby.
/// </summary>
internal sealed class InterruptFault(PostgresPair pair) : IFault
{
    private const int Interrupts = 10;

    public string Name => "transactions cancelled and ended by an administrator, ten times";

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        for (var i = 0; i < Interrupts; i++)
        {
            await Pause.RandomAsync(random, 20, 80);
            var interrupt = random.Next(2) == 0 ? "pg_cancel_backend" : "pg_terminate_backend";
            await pair.Primary.AskAsync("postgres",
                $"SELECT count({interrupt}(pid)) FROM pg_stat_activity WHERE application_name = 'weft'");
        }

        await Pause.RandomAsync(random, 100, 200);
        return true;
    }
}
