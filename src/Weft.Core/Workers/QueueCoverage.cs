using Weft.Core.Matching;
using Weft.Core.Storage;

namespace Weft.Core.Workers;

/// <summary>Which queues have workers: those seen recently, by what they last claimed.</summary>
public sealed class QueueCoverage
{
    private readonly Dictionary<string, Dictionary<WorkerFit, int>> _queues = new(StringComparer.Ordinal);

    /// <param name="workers">All known workers; those that weren't seen within <see cref="Limits.WorkerServesTime"/>
    /// are ignored.</param>
    /// <param name="now">The time, by the clock that recorded when workers were seen.</param>
    public QueueCoverage(IEnumerable<WorkerSighting> workers, DateTimeOffset now)
    {
        foreach (var worker in workers)
        {
            if (worker.Offer is not { } offer || !Serves(worker, now)) continue;
            foreach (var queue in offer.Queues.Distinct(StringComparer.Ordinal))
            {
                if (!_queues.TryGetValue(queue, out var fits)) _queues.Add(queue, fits = []);
                fits[offer.Fit] = fits.GetValueOrDefault(offer.Fit) + 1;
            }
        }
    }

    /// <summary>The workers that claim from a queue; each has an offer.</summary>
    public static IEnumerable<WorkerSighting> ServingOf(
        string queue, IEnumerable<WorkerSighting> workers, DateTimeOffset now) => workers.Where(worker =>
            worker.Offer?.Queues.Contains(queue, StringComparer.Ordinal) == true && Serves(worker, now));

    /// <summary>How many workers claim from the queue.</summary>
    public int WorkersOf(string queue) => _queues.TryGetValue(queue, out var fits) ? fits.Values.Sum() : 0;

    /// <summary>How many of those have proved their identity, and may check others' answers.</summary>
    public int ProvenOf(string queue) => _queues.TryGetValue(queue, out var fits)
        ? fits.Sum(static fit => fit.Key.IsProven ? fit.Value : 0)
        : 0;

    /// <summary>How many of the ready tasks no worker on their queue can run.</summary>
    public long Unserved(IEnumerable<ReadyTasks> ready) => ready.Sum(tasks => IsServed(tasks) ? 0L : tasks.Count);

    /// <summary>How many of the queue's workers can run such a task.</summary>
    public int WorkersFor(ReadyTasks tasks) => !_queues.TryGetValue(tasks.Queue, out var fits)
        ? 0
        : fits.Sum(fit => fit.Key.Takes(tasks.Requires) ? fit.Value : 0);

    private static bool Serves(WorkerSighting worker, DateTimeOffset now) =>
        worker.IsActive(now, Limits.WorkerServesTime);

    private bool IsServed(ReadyTasks tasks) =>
        _queues.TryGetValue(tasks.Queue, out var fits) && fits.Keys.Any(fit => fit.Takes(tasks.Requires));
}
