using System.Collections.Concurrent;

namespace Weft.Storage.Tests.Auditor;

/// <summary>Collects what all callers did, in one order.</summary>
internal sealed class HistoryRecorder
{
    private readonly ConcurrentQueue<HistoryEntry> _entries = new();
    private long _place;

    public IReadOnlyCollection<HistoryEntry> Entries => _entries;

    public long Mark() => Interlocked.Increment(ref _place);

    public void Add(HistoryEntry entry) => _entries.Enqueue(entry);
}
