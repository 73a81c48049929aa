using Weft.Client;

namespace Weft.Cli.Remote;

/// <summary>
/// Reports once that the coordinator is unavailable, and once that it answers again. Safe for use by many threads.
/// </summary>
internal sealed class RemoteNotices
{
    private int _isAway;

    /// <summary>Prints a human-readable line.</summary>
    public Action<string> Say { get; set; } = Console.Error.WriteLine;

    public void Miss(WeftException failure)
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0) Say($"weft: {OneLine.Of(failure.Message)} Retrying.");
    }

    public void Meet()
    {
        if (Interlocked.Exchange(ref _isAway, 0) == 1) Say("weft: The coordinator is answering again.");
    }
}
