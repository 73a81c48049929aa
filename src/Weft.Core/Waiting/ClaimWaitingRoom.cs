using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Verification;

namespace Weft.Core.Waiting;

/// <summary>
/// Holds waiting claims, in memory only. Ready tasks wake as many waiters as there are tasks, longest waiting first,
/// and only those that may run them.
/// </summary>
public sealed class ClaimWaitingRoom
{
    // More than there are checks, since workers that have already answered may be woken first.
    private const int WakesOfNetworkMax = 1;
    private const int WakesOfFreedMax = 2;

    private readonly Lock _gate = new();

    // Waiters of one queue with the same capabilities form one line: a wake-up checks the heads of lines, not every
    // waiter.
    private readonly Dictionary<string,
        Dictionary<WorkerFit, SortedSet<ClaimWaiter>>> _queues = new(StringComparer.Ordinal);

    // Workers with a proved identity.
    private readonly Dictionary<IdentityId, List<ClaimWaiter>> _known = [];
    private long _lastTicket;
    private bool _closed;

    /// <summary>How many claims are held.</summary>
    public int Count { get; private set; }

    /// <summary>Wakes waiters that may run the tasks that have just become ready.</summary>
    public void Wake(ReadyTasks ready)
    {
        if (Count == 0) return;
        lock (_gate)
        {
            if (ready.Requires.IsCheck)
            {
                WakeForChecks(ready);
                return;
            }

            for (var left = ready.Count; left > 0;)
            {
                if (TakeForemost(ready.Queue, ready.Requires) is not { } waiter) return;
                var served = Math.Min(left, waiter.Max);
                waiter.Wake(ready with { Count = served });
                left -= served;
            }
        }
    }

    /// <summary>Wakes these workers: they may now have more tasks than before.</summary>
    public void Free(IReadOnlyList<IdentityId> workers)
    {
        if (Count == 0) return;
        lock (_gate)
        {
            foreach (var worker in workers)
            {
                if (!_known.TryGetValue(worker, out var waiters)) continue;
                // A decided answer allows two more tasks.
                foreach (var waiter in waiters.Take(WakesOfFreedMax).ToArray())
                {
                    Remove(waiter);
                    waiter.Wake(null);
                }
            }
        }
    }

    /// <summary>Releases all waiters without a task, now and from now on: the coordinator is stopping.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var waiter in _queues.Values.SelectMany(static lines => lines.Values)
                .SelectMany(static line => line)) waiter.Wake(null);
            _queues.Clear();
            _known.Clear();
            Count = 0;
        }
    }

    /// <summary>Joins the lines. From here on no ready task is missed.</summary>
    internal ClaimWaiter Enter(ClaimRequest request)
    {
        lock (_gate)
        {
            var waiter = new ClaimWaiter(
                [.. request.Queues.Distinct()], request.Fit, request.Max, ++_lastTicket, request.Identity);
            Add(waiter);
            return waiter;
        }
    }

    /// <summary>
    /// Joins again after a wake-up, at the old position, before the next query. False: the room is closed.
    /// </summary>
    internal bool Reenter(ClaimWaiter waiter)
    {
        lock (_gate)
        {
            if (_closed) return false;
            waiter.Rearm();
            Add(waiter);
            return true;
        }
    }

    /// <summary>
    /// Records that a waiter gets no more tasks of these queues until its own answers are checked: it is woken only for
    /// others. If it was freed in the meantime, it is awake and queries again.
    /// </summary>
    /// <param name="waiter">The waiter.</param>
    /// <param name="queues">Those queues.</param>
    /// <param name="wokenFor">What it was woken for: tasks that it may not have go to the next in line.</param>
    /// <param name="taken">How many tasks it was given.</param>
    internal void Hold(ClaimWaiter waiter, HashSet<string> queues, ReadyTasks? wokenFor, int taken)
    {
        lock (_gate)
        {
            if (Remove(waiter))
            {
                waiter.HeldIn = queues;
                Add(waiter);
            }
        }

        if (wokenFor is { Requires.IsPaced: true } tasks && tasks.Count > taken && queues.Contains(tasks.Queue))
        {
            Wake(tasks with { Count = tasks.Count - taken });
        }
    }

    /// <summary>
    /// A waiter that was woken for checks has queried the store. If there was none for it, another waiter is woken; not
    /// one that has already queried.
    /// </summary>
    internal void Looked(ClaimWaiter waiter, bool hasFound)
    {
        if (waiter.Wave is not { } wave) return;
        lock (_gate)
        {
            if (hasFound) wave.Taken();
            if (!wave.GoesOn || !_queues.TryGetValue(wave.Ready.Queue, out var lines)) return;
            ClaimWaiter? next = null;
            foreach (var (fit, line) in lines)
            {
                if (!fit.Takes(wave.Ready.Requires)) continue;
                var foremost = line.FirstOrDefault(other => !wave.Has(other));
                if (foremost is not null && (next is null || foremost.Ticket < next.Ticket)) next = foremost;
            }

            if (next is null) return;
            Remove(next);
            wave.Wake(next);
        }
    }

    /// <summary>Leaves the lines. An unused wake-up goes to the next in line.</summary>
    internal void Leave(ClaimWaiter waiter)
    {
        lock (_gate) Remove(waiter);
        if (waiter.WokenFor is { } tasks) Wake(tasks);
    }

    private void Add(ClaimWaiter waiter)
    {
        if (_closed)
        {
            waiter.Wake(null);
            return;
        }

        Count++;
        foreach (var queue in waiter.Queues)
        {
            if (!_queues.TryGetValue(queue, out var lines)) _queues.Add(queue, lines = []);
            var fit = waiter.FitIn(queue);
            if (!lines.TryGetValue(fit, out var line)) lines.Add(fit, line = []);
            line.Add(waiter);
        }

        if (waiter.Identity is not { } identity) return;
        if (!_known.TryGetValue(identity.Id, out var waiters)) _known.Add(identity.Id, waiters = []);
        waiters.Add(waiter);
    }

    /// <summary>Whether it was there.</summary>
    private bool Remove(ClaimWaiter waiter)
    {
        var found = false;
        foreach (var queue in waiter.Queues)
        {
            var fit = waiter.FitIn(queue);
            if (!_queues.TryGetValue(queue, out var lines) || !lines.TryGetValue(fit, out var line)
                || !line.Remove(waiter)) continue;
            found = true;
            if (line.Count == 0) lines.Remove(fit);
            if (lines.Count == 0) _queues.Remove(queue);
        }

        if (!found) return false;
        Count--;
        if (waiter.Identity is { } identity && _known.TryGetValue(identity.Id, out var waiters))
        {
            waiters.Remove(waiter);
            if (waiters.Count == 0) _known.Remove(identity.Id);
        }

        return true;
    }

    /// <summary>
    /// A check may not go to workers that have answered its task, nor to their networks, and this class doesn't know
    /// them: waiters of more networks are woken than can have answered, and two of each, since some tasks require only
    /// different workers. A check may also be only for experienced workers: see <see cref="Looked"/>.
    /// </summary>
    private void WakeForChecks(ReadyTasks ready)
    {
        if (!_queues.TryGetValue(ready.Queue, out var lines)) return;
        var woken = new Dictionary<(bool IsTrusted, NetworkKey Network), int>();
        var wave = new CheckWave(ready);
        ClaimWaiter[] waiting =
        [
            .. lines.Where(line => line.Key.Takes(ready.Requires)).SelectMany(static line => line.Value).Order(),
        ];
        foreach (var waiter in waiting)
        {
            // A worker whose answer decides may be in any network.
            var network = waiter.Identity is { } identity ? (identity.IsTrusted, identity.Network) : default;
            var count = woken.GetValueOrDefault(network);
            var isEnough = count >= WakesOfNetworkMax + ready.Count;
            if (isEnough || (count == 0 && woken.Count > Limits.VerifyAnswersMax)) continue;
            woken[network] = count + 1;
            Remove(waiter);
            wave.Wake(waiter);
        }
    }

    private ClaimWaiter? TakeForemost(string queue, Requirements requires)
    {
        if (!_queues.TryGetValue(queue, out var lines)) return null;
        ClaimWaiter? foremost = null;
        foreach (var (fit, line) in lines)
        {
            if (!fit.Takes(requires)) continue;
            if (foremost is null || line.Min!.Ticket < foremost.Ticket) foremost = line.Min;
        }

        if (foremost is not null) Remove(foremost);
        return foremost;
    }
}
