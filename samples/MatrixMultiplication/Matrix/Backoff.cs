namespace Weft.Samples.MatrixMultiplication;

/// <summary>
/// How long to leave a coordinator alone that doesn't answer: about 1 s, doubled each time, at most about 30 s.
/// </summary>
public sealed class Backoff(Random random)
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(30);

    private TimeSpan _delay = DelayMin;

    /// <summary>Whether a failure came after the last success.</summary>
    public bool IsActive { get; private set; }

    /// <summary>The delay after one more failure, at least what the coordinator asked for.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        // Half fixed, half random: tabs that lost the coordinator together must not come back together.
        var delay = _delay * (0.5 + random.NextDouble() / 2);
        IsActive = true;
        _delay = _delay * 2 < DelayMax ? _delay * 2 : DelayMax;
        return asked > delay ? asked.Value : delay;
    }

    public void Reset()
    {
        IsActive = false;
        _delay = DelayMin;
    }
}
