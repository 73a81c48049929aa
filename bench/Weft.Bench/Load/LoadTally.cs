using System.Diagnostics;
using System.Text;
using Weft.Bench.Http;

namespace Weft.Bench.Load;

/// <summary>
/// What one connection saw. Not thread-safe: one connection writes it, the load adds them up at the end.
/// </summary>
internal sealed class LoadTally
{
    private const int ExcerptMax = 200;

    public LatencyHistogram Latency { get; } = new();
    public long Cycles { get; set; }
    public long Bad { get; private set; }

    /// <summary>The first wrong answer in words, to know what to look at.</summary>
    public string? FirstBad { get; private set; }

    public void AddBad(string reason)
    {
        Bad++;
        FirstBad ??= reason;
    }

    public void AddBad(string request, HttpAnswer answer)
    {
        // Words only for the first: a server that answers nothing but errors must not turn the generator into a
        // formatter.
        if (FirstBad is not null) Bad++;
        else AddBad($"{request} was answered {answer.Status} " +
            $"{Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(ExcerptMax, answer.Body.Length)])}");
    }

    public async ValueTask<HttpAnswer> TimeAsync(HttpConnection connection, ReadOnlyMemory<byte> request)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await connection.ExchangeAsync(request);
        Latency.Add(Stopwatch.GetElapsedTime(started).Ticks * TimeSpan.NanosecondsPerTick);
        return answer;
    }

    public void Add(LoadTally other)
    {
        Latency.Add(other.Latency);
        Cycles += other.Cycles;
        Bad += other.Bad;
        FirstBad ??= other.FirstBad;
    }
}
