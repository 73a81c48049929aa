using System.Collections.Concurrent;

namespace Weft.Samples.Tests;

/// <summary>Keeps what is reported, in order.</summary>
internal sealed class Record<T> : IProgress<T>
{
    public ConcurrentQueue<T> Items { get; } = [];

    public void Report(T value) => Items.Enqueue(value);
}
