using System.Diagnostics.CodeAnalysis;

namespace Weft.Client.Map;

/// <summary>
/// A stream whose next item can be awaited together with something else. It starts to read when the first item is
/// requested.
/// </summary>
internal sealed class Lookahead<T>(IAsyncEnumerator<T> items) : IAsyncDisposable
{
    private Task<bool>? _next;

    /// <summary>True: the stream has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>
    /// Completes when <see cref="TryTake"/> has an item or the stream has ended; fails as the stream does.
    /// </summary>
    public Task Next => _next ??= items.MoveNextAsync().AsTask();

    /// <summary>False: no item is available yet, or the stream has ended.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (HasEnded || !Next.IsCompleted) return false;
        // Already completed: this only rethrows the stream's exception.
        HasEnded = !_next!.GetAwaiter().GetResult();
        if (HasEnded) return false;
        _next = null;
        item = items.Current;
        return true;
    }

    /// <summary>Waits for a step in progress, which the caller has cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await items.DisposeAsync();
    }
}
