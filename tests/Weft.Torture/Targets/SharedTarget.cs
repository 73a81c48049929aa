using Weft.Testing.Postgres;
using Weft.Torture.Load;

namespace Weft.Torture.Targets;

/// <summary>
/// Three coordinators over one database. Clients use any of them; faults strike one, or the servers beneath.
/// </summary>
internal sealed class SharedTarget : TortureTarget
{
    private const int Coordinators = 3;

    private readonly WeftProcess[] _coordinators;
    private readonly Func<string> _direct;
    private bool _wasHurt;

    /// <param name="binary">The <c>weft</c> to start.</param>
    /// <param name="connectionString">How coordinators reach the database, whichever server has it.</param>
    /// <param name="direct">How a check reaches it just now.</param>
    /// <param name="options">More flags of <c>weft serve</c>.</param>
    public SharedTarget(string binary, string connectionString, Func<string> direct, params string[] options)
    {
        _direct = direct;
        _coordinators =
        [
            .. Enumerable.Range(0, Coordinators)
                .Select(_ => new WeftProcess(binary, ["--store", connectionString, .. options])),
        ];
    }

    public AnswerWatch? Watch { get; init; }

    public IReadOnlyList<Uri> Addresses => [.. _coordinators.Select(static coordinator => coordinator.Address)];

    public override Uri Address => _coordinators[0].Address;

    public override Surface Surface => new(Addresses, UnavailableIsRefused: true, Watch);

    public override bool IsRunning => !_wasHurt && _coordinators.All(static coordinator => coordinator.IsRunning);

    public override string Printed =>
        string.Join('\n', _coordinators.Select(static coordinator => coordinator.Printed));

    public override void Configure(params string[] options)
    {
        foreach (var coordinator in _coordinators) coordinator.MoreOptions = options;
    }

    public override async Task<bool> StartAsync()
    {
        _wasHurt = false;
        var started =
            await Task.WhenAll(_coordinators.Where(static coordinator => !coordinator.IsRunning)
                .Select(static coordinator => coordinator.StartAsync()));
        return started.All(static serves => serves);
    }

    public override async Task KillAsync()
    {
        foreach (var coordinator in _coordinators) await coordinator.KillAsync();
    }

    /// <summary>kill -9 of one, while the others go on.</summary>
    public async Task<WeftProcess> KillOneAsync(Random random)
    {
        var victim = Any(random);
        _wasHurt = true;
        await victim.KillAsync();
        return victim;
    }

    public WeftProcess Any(Random random) => _coordinators[random.Next(Coordinators)];

    /// <summary>Something beneath it crashed: that counts as a crash, though it runs on.</summary>
    public void Hurt() => _wasHurt = true;

    public override async Task<int> StopAsync()
    {
        var exitCodes = await Task.WhenAll(_coordinators.Select(static coordinator => coordinator.StopAsync()));
        return exitCodes.Max();
    }

    public override Task<int?> EndAsync(TimeSpan max) =>
        throw new NotSupportedException("No fault ends all coordinators by itself.");

    public override void Freeze()
    {
        foreach (var coordinator in _coordinators) coordinator.Freeze();
    }

    public override void Thaw()
    {
        foreach (var coordinator in _coordinators) coordinator.Thaw();
    }

    public override Task<IReadOnlyList<string>> CheckAsync() => Task.Run(() => PostgresContradictions.Find(_direct()));

    public override async ValueTask DisposeAsync()
    {
        foreach (var coordinator in _coordinators) await coordinator.DisposeAsync();
    }
}
