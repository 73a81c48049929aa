using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Weft.Torture.Histories;

namespace Weft.Torture.Load;

/// <summary>
/// What the clients of one store remember across crashes: tasks, leases they still hold or once held, submits without
/// an answer.
/// </summary>
internal sealed class Knowledge
{
    // The disks whose power is cut are small.
    private const int LargePushesMax = 16;

    private readonly Lock _gate = new();
    private readonly List<long> _ids = [];
    private readonly List<Claimed> _held = [];
    private readonly List<string> _blobs = [];
    private readonly ConcurrentQueue<LargePush> _pushes = new();
    private int _pushesMade;
    private readonly ConcurrentQueue<(NewTask[] Tasks, string Key, bool IsBatch)> _unanswered = new();

    /// <summary>A group to submit to; null until one was made.</summary>
    public long? Group { get; set; }

    public void Learn(long id)
    {
        lock (_gate) _ids.Add(id);
    }

    public long? AnyTask(Random random)
    {
        lock (_gate) return _ids.Count == 0 ? null : _ids[random.Next(_ids.Count)];
    }

    /// <summary>A push of this hash was acknowledged.</summary>
    public void LearnBlob(string hash)
    {
        lock (_gate) _blobs.Add(hash);
    }

    public string? AnyBlob(Random random)
    {
        lock (_gate) return _blobs.Count == 0 ? null : _blobs[random.Next(_blobs.Count)];
    }

    public IReadOnlyList<string> Blobs
    {
        get
        {
            lock (_gate) return [.. _blobs];
        }
    }

    /// <summary>A push that goes on, for the caller alone; null: there is none.</summary>
    public LargePush? AnyPush() => _pushes.TryDequeue(out var push) ? push : null;

    /// <summary>A new one; null: this store has had its share.</summary>
    public LargePush? NewPush(Random random) =>
        Interlocked.Increment(ref _pushesMade) <= LargePushesMax ? new(BlobText.NextLarge(random)) : null;

    /// <summary>It goes on later.</summary>
    public void Unfinished(LargePush push) => _pushes.Enqueue(push);

    public void Hold(Claimed claimed)
    {
        lock (_gate) _held.Add(claimed);
    }

    /// <summary>A lease of some time ago: perhaps still good, perhaps long somebody else's.</summary>
    public Claimed? AnyHeld(Random random)
    {
        lock (_gate)
        {
            if (_held.Count == 0) return null;
            var index = random.Next(_held.Count);
            var held = _held[index];
            // Some are tried again and again, most once.
            if (random.Next(3) > 0) _held.RemoveAt(index);
            return held;
        }
    }

    public void Unanswered(NewTask[] tasks, string key, bool isBatch) => _unanswered.Enqueue((tasks, key, isBatch));

    public bool TryTakeUnanswered([MaybeNullWhen(false)] out (NewTask[] Tasks, string Key, bool IsBatch) submit) =>
        _unanswered.TryDequeue(out submit);
}
