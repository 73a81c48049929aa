namespace Weft.Core.Verification;

/// <summary>What is known of one worker in one queue; <c>default</c> is a newcomer.</summary>
/// <param name="Answers">
/// n: its own answers to tasks (checks of others' are none), halved at each fault.
/// </param>
/// <param name="Checks">How many times another's answer was set beside one of its own.</param>
/// <param name="Faults">How many tasks believe another answer than its own.</param>
/// <param name="IsBarred">
/// Its answers count for nothing, and it gets no more tasks of the queue that are verified.
/// </param>
/// <param name="Open">
/// How many of its answers wait for their checks, but for the one that is decided on: they say nothing for it yet.
/// </param>
/// <param name="IsAudited">It was at fault, and what it had answered before is being looked at again.</param>
/// <param name="Drawn">
/// How many of the open ones are checked because the coin chose them, while others were believed unchecked.
/// </param>
public readonly record struct Standing(
    long Answers, long Checks, long Faults, bool IsBarred, long Open = 0, bool IsAudited = false, long Drawn = 0)
{
    /// <summary>How many of its answers speak for it.</summary>
    public long Settled => Math.Max(0, Answers - Open);

    /// <summary>It has answered a task of its own: before that answer is decided on.</summary>
    public Standing Answered() => this with { Answers = Answers + 1 };

    /// <summary>An answer of its own waits for a check.</summary>
    /// <param name="isDrawn">The coin chose it: <see cref="Drawn"/>.</param>
    public Standing Opened(bool isDrawn) => this with { Open = Open + 1, Drawn = Drawn + (isDrawn ? 1 : 0) };

    /// <summary>One that had waited is decided on.</summary>
    /// <param name="isDrawn">As when it began to wait.</param>
    public Standing Closed(bool isDrawn) => this with
    {
        Open = Math.Max(0, Open - 1), Drawn = Math.Max(0, Drawn - (isDrawn ? 1 : 0)),
    };

    /// <summary>An answer that it had given was set beside another.</summary>
    public Standing Checked() => this with { Checks = Checks + 1 };

    /// <summary>
    /// A task believes another answer. Once is no proof: the worker only has to earn half of its name again. A fifth of
    /// all checks is.
    /// </summary>
    public Standing Faulted()
    {
        var faults = Faults + 1;
        var fails = faults >= Limits.VerifyFaultsToBar
            && faults * Limits.VerifyChecksPerFaultToBar > Math.Max(1, Checks);
        return this with { Answers = Answers / 2, Faults = faults, IsBarred = IsBarred || fails };
    }

    /// <summary>A result that it had been believed about is wrong, or a person says so.</summary>
    public Standing Barred() => this with { IsBarred = true };

    /// <summary>A person says that it was no fault of the worker's: it begins anew.</summary>
    public static Standing Forgiven() => default;
}
