namespace Weft.Torture.Liars;

/// <summary>One name of a hostile worker, as its fellows know it.</summary>
internal sealed class LiarName
{
    public int Answers { get; set; }

    public int Lies { get; set; }

    /// <summary>Among backers: whether it lies, or confirms; null until it answers.</summary>
    public bool? IsLiar { get; set; }
}

/// <summary>
/// What hostile workers lie about: the ways of <c>weft verify plan</c>, by the same names. Those who lie together give
/// the same wrong answer and know what fellows have answered; all know which copy is a check.
/// </summary>
/// <param name="attack">How they lie.</param>
/// <param name="honestFirst">How many answers sleepers give before they lie.</param>
/// <param name="liesMax">How many lies each tells of those who tell a few.</param>
/// <param name="random">All chance.</param>
internal sealed class LiarPlot(string attack, int honestFirst, int liesMax, Random random)
{
    private const long SharedLie = 1;
    private const double FewShare = 0.1;

    private readonly Lock _gate = new();
    private readonly HashSet<long> _liedAbout = [];
    private readonly HashSet<long> _honestAbout = [];
    private long _lies = SharedLie;

    public static IReadOnlyList<string> Attacks { get; } =
    [
        "none", "always", "tenth", "hundredth", "sleepers", "few", "always-together", "tenth-together",
        "sleepers-together", "few-together", "backers",
    ];

    public string Attack => attack;

    public bool Colludes { get; } = attack is "backers" || attack.EndsWith("-together", StringComparison.Ordinal);

    /// <summary>By how much an answer differs from the truth.</summary>
    public long LieOf(LiarName name, long task, bool isFirst)
    {
        lock (_gate)
        {
            name.Answers++;
            if (Colludes && _liedAbout.Contains(task)) return SharedLie;
            // A fellow has answered honestly: another answer would only give both away.
            if (Colludes && _honestAbout.Contains(task)) return 0;
            if (!Lies(name, isFirst))
            {
                if (Colludes) _honestAbout.Add(task);
                return 0;
            }

            name.Lies++;
            if (!Colludes) return ++_lies;
            _liedAbout.Add(task);
            return SharedLie;
        }
    }

    private bool Lies(LiarName name, bool isFirst) => attack switch
    {
        "none" => false,
        "always" or "always-together" => true,
        "tenth" or "tenth-together" => random.NextDouble() < 0.1,
        "hundredth" => random.NextDouble() < 0.01,
        "sleepers" or "sleepers-together" => name.Answers > honestFirst,
        "few" or "few-together" => isFirst && name.Answers > honestFirst && name.Lies < liesMax
            && random.NextDouble() < FewShare,
        "backers" => name.IsLiar ??= random.NextDouble() < 0.5,
        _ => throw new InvalidOperationException($"Nobody lies like that: {attack}."),
    };
}
