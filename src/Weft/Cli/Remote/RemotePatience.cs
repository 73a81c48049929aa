namespace Weft.Cli.Remote;

/// <summary>Asks the coordinator again and again while it can't be reached, and says so once. Safe for use by many threads.</summary>
/// <param name="say">Where lines go that people read.</param>
internal sealed class RemotePatience(TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IntervalMax = TimeSpan.FromSeconds(5);

    private int _isAway;

    /// <summary>Ends with the first answer, or the first refusal.</summary>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop)
    {
        for (var interval = IntervalMin; ; interval = interval * 2 < IntervalMax ? interval * 2 : IntervalMax)
        {
            try
            {
                var answer = await ask(stop);
                if (Interlocked.Exchange(ref _isAway, 0) == 1) say("weft: The coordinator answers again.");
                return answer;
            }
            catch (UnreachableFailure failure)
            {
                if (Interlocked.Exchange(ref _isAway, 1) == 0) say($"weft: {failure.Message} Trying again until it does.");
            }

            // Jitter: those who lost the coordinator together must not come back together.
            await Task.Delay(interval * (0.5 + Random.Shared.NextDouble()), time, stop);
        }
    }
}
