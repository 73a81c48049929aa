using System.Globalization;
using System.Net;
using Weft.Torture.Checking;

namespace Weft.Torture.Load;

/// <summary>Sees to it that an outage is told as one: at once, and with a word about when to come back.</summary>
internal sealed class AnswerWatch
{
    /// <summary>What the coordinator promises while its database is lost.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_gate) return [.. _violations];
        }
    }

    public string Text =>
        string.Create(CultureInfo.InvariantCulture,
            $"the slowest answer took {Slowest.TotalSeconds:F2} s, {Unavailable:N0} said " +
            $"503; the machine stalled for {Stall.TotalSeconds:F2} s at most");

    /// <summary>The longest that any answer took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Answers that said: not now.</summary>
    public long Unavailable { get; private set; }

    /// <summary>
    /// How long this machine has kept even this program waiting: so much nobody else can be blamed for.
    /// </summary>
    public TimeSpan Stall { get; private set; }

    /// <summary>Measures the machine until <paramref name="stop"/>.</summary>
    public async Task MeasureStallAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var start = TimeProvider.System.GetTimestamp();
            await Task.Delay(Tick, TimeProvider.System, CancellationToken.None);
            var late = TimeProvider.System.GetElapsedTime(start) - Tick;
            if (late > Stall) Stall = late;
        }
    }

    public void See(string request, HttpStatusCode status, TimeSpan took, bool hasRetryAfter)
    {
        lock (_gate)
        {
            if (took > Slowest) Slowest = took;
            if (took > AnswerTimeMax + Stall)
                _violations.Add(new("outage",
                    $"{request} was answered {(int)status} after {Seconds(took)} s, on a machine that stalled for " +
                    $"{Seconds(Stall)} s at most"));
            if (status != HttpStatusCode.ServiceUnavailable) return;
            Unavailable++;
            if (!hasRetryAfter) _violations.Add(new("outage", $"{request} was answered 503 without Retry-After"));
        }
    }

    public void Report(Violation violation)
    {
        lock (_gate) _violations.Add(violation);
    }

    /// <summary>No answer at all from a coordinator that runs.</summary>
    public void Miss(string request, TimeSpan took)
    {
        lock (_gate) _violations.Add(new("outage", $"{request} had no answer after {Seconds(took)} s"));
    }

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
}
