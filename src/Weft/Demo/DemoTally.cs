using Weft.Client.Frozen;

namespace Weft.Demo;

/// <summary>The outcomes of the demo's products. Safe for use by many threads; each product is recorded once.</summary>
internal sealed class DemoTally(int total) : IDemoProgress
{
    private readonly TimeSpan[] _latencies = new TimeSpan[total];
    private int _done;
    private int _right;
    private TimeSpan _time;
    private FrozenStats? _stats;

    public int Total => total;

    public int Done => Volatile.Read(ref _done);

    public int Right => Volatile.Read(ref _right);

    public void Note(int index, bool right, TimeSpan latency)
    {
        _latencies[index] = latency;
        if (right) Interlocked.Increment(ref _right);
        Interlocked.Increment(ref _done);
    }

    public void Finish(TimeSpan time, FrozenStats stats) => (_time, _stats) = (time, stats);

    /// <summary>The summary of a finished demo.</summary>
    public void Print(TextWriter output)
    {
        Array.Sort(_latencies);
        output.WriteLine(FormattableString.Invariant(
            $"""
            {Right} of {total} products right
              Throughput   {total / _time.TotalSeconds:0} tasks/s
              Latency      p50 {Percentile(50):0.0} ms, p99 {Percentile(99):0.0} ms, from submit to result
              Coordinator  {_stats?.Completed} tasks completed, {_stats?.Workers.Total} workers seen
            """));
    }

    // Nearest rank.
    private double Percentile(int percent) =>
        _latencies[(int)Math.Ceiling(percent / 100.0 * total) - 1].TotalMilliseconds;
}
