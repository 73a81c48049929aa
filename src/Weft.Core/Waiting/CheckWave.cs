using Weft.Core.Storage;

namespace Weft.Core.Waiting;

/// <summary>
/// The waiters that were woken for some checks. Only the store knows which worker may give a check: a waiter that gets
/// none passes the wake-up on.
/// </summary>
internal sealed class CheckWave(ReadyTasks ready)
{
    private readonly HashSet<long> _tickets = [];
    private int _left = ready.Count;

    public ReadyTasks Ready => ready;

    public bool Has(ClaimWaiter waiter) => _tickets.Contains(waiter.Ticket);

    public void Wake(ClaimWaiter waiter)
    {
        _tickets.Add(waiter.Ticket);
        waiter.Wake(ready with { Count = 1 }, this);
    }

    /// <summary>A waiter has got one.</summary>
    public void Taken() => _left--;

    /// <summary>Whether to wake another waiter: of very many, not all are woken for one check.</summary>
    public bool GoesOn => _left > 0 && _tickets.Count < Limits.CheckWakesMax;
}
