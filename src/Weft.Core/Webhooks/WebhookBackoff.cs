namespace Weft.Core.Webhooks;

/// <summary>
/// When a message that wasn't delivered is sent again: as Standard Webhooks 1.0.0 recommends, over about three days.
/// </summary>
public static class WebhookBackoff
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>The maximum number of attempts.</summary>
    public static int AttemptsMax => Pauses.Length + 1;

    /// <summary>How long to wait after an attempt; null: it was the last.</summary>
    /// <param name="attempts">How often it was sent, from 1.</param>
    /// <param name="retryAfter">The delay that the receiver requested; null for none.</param>
    /// <param name="random">0 to 1: jitter, so that messages refused together aren't sent again together.</param>
    public static TimeSpan? After(int attempts, TimeSpan? retryAfter, double random)
    {
        if (attempts >= AttemptsMax) return null;
        var pause = Pauses[attempts - 1] * (1 - Jitter + 2 * Jitter * random);
        if (retryAfter is not { } asked || asked <= pause) return pause;
        return asked < Pauses[^1] ? asked : Pauses[^1];
    }
}
