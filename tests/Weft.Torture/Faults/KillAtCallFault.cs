using Weft.Torture.Targets;

namespace Weft.Torture.Faults;

/// <summary>kill -9 at one side of a chosen call: a moment that chance hardly ever finds.</summary>
internal sealed class KillAtCallFault : IFault
{
    private static readonly TimeSpan LoadTimeMax = TimeSpan.FromSeconds(3);
    private readonly Shim _shim;
    private readonly string _call;
    private readonly string _side;
    private readonly int _callMax;

    private KillAtCallFault(string name, Shim shim, string call, string side, int callMax)
    {
        Name = name;
        _shim = shim;
        _call = call;
        _side = side;
        _callMax = callMax;
    }

    public string Name { get; }

    public bool MayHinderStart => true;

    /// <summary>The change is on disk, and nobody was told.</summary>
    public static KillAtCallFault AfterCommit(Shim shim) =>
        new("kill -9 after the commit, before the answer", shim, "sync -wal", "after", 150);

    /// <summary>All of the commit is written, and may be on disk or not.</summary>
    public static KillAtCallFault BeforeSync(Shim shim) =>
        new("kill -9 before the sync of a commit", shim, "sync -wal", "before", 150);

    /// <summary>Some pages of the log are in the database, others not yet.</summary>
    public static KillAtCallFault InCheckpoint(Shim shim) =>
        new("kill -9 in mid-checkpoint", shim, "write .db", "before", 30);

    public void Arm(Random random) => _shim.Plan = $"{_call} {random.Next(1, _callMax)} {_side}";

    public void Disarm() => _shim.Plan = null;

    public async Task<bool> StrikeAsync(TortureTarget target, Random random)
    {
        if (await target.EndAsync(LoadTimeMax) is null) await target.KillAsync();
        return _shim.Hits > 0;
    }
}
