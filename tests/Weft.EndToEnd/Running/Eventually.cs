namespace Weft.EndToEnd.Running;

/// <summary>
/// Looks again and again until something is so, at most <see cref="Max"/> unless a test says otherwise.
/// </summary>
internal static class Eventually
{
    public static readonly TimeSpan Max = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <returns>The first look that was enough.</returns>
    /// <exception cref="TimeoutException">None was; the message ends with the last look.</exception>
    public static async Task<T> SeeAsync<T>(string what, Func<Task<T>> look, Func<T, bool> isEnough,
        TimeSpan? max = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isEnough(seen)) return seen;
            if (TimeProvider.System.GetElapsedTime(started) > (max ?? Max))
            {
                throw new TimeoutException($"Not so after {max ?? Max}: {what}. Last seen: {seen}");
            }
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
