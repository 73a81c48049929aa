namespace Weft.CommandLine.Terminal;

/// <summary>The rate per second over the last half minute.</summary>
internal sealed class ProgressRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Queue<(long At, long Done)> _seen = [];

    /// <returns>Null until there are two values to compare.</returns>
    public double? Note(long done)
    {
        var now = time.GetTimestamp();
        _seen.Enqueue((now, done));
        while (_seen.Count > 2 && time.GetElapsedTime(_seen.Peek().At, now) > Window) _seen.Dequeue();
        var (at, first) = _seen.Peek();
        var seconds = time.GetElapsedTime(at, now).TotalSeconds;
        return seconds > 0 && done >= first ? (done - first) / seconds : null;
    }
}
