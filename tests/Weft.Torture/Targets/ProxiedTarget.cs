using Weft.Torture.Load;

namespace Weft.Torture.Targets;

/// <summary>
/// A target that clients reach through a proxy; one that is a front tells the truth once the load is over.
/// </summary>
internal sealed class ProxiedTarget(TortureTarget target, Uri address, LyingFront? front = null) : TortureTarget
{
    public override Uri Address => address;

    public override Surface Surface => target.Surface with { Addresses = [address], IsFronted = front is not null };

    public override void Configure(params string[] options) => target.Configure(options);

    public override void ComeToRest() => front?.BeHonest();

    public override bool IsRunning => target.IsRunning;

    public override string Printed => target.Printed;

    public override Task<bool> StartAsync() => target.StartAsync();

    public override Task KillAsync() => target.KillAsync();

    public override Task<int> StopAsync() => target.StopAsync();

    public override Task<int?> EndAsync(TimeSpan max) => target.EndAsync(max);

    public override void Freeze() => target.Freeze();

    public override void Thaw() => target.Thaw();

    public override Task<IReadOnlyList<string>> CheckAsync() => target.CheckAsync();

    public override ValueTask DisposeAsync() => target.DisposeAsync();
}
