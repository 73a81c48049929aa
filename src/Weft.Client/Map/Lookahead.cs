using System.Diagnostics.CodeAnalysis;

namespace Weft.Client.Map;

/// <summary>
/// A stream whose next item can be waited for together with something else. The first step is made when it is first
/// asked for.
/// </summary>
internal sealed class Lookahead<T>(IAsyncEnumerator<T> items) : IAsyncDisposable
{
    private Task<bool>? _next;

    /// <summary>True: nothing will come any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Ends when <see cref="TryTake"/> has something to say; fails as the stream does.</summary>
    public Task Next => _next ??= items.MoveNextAsync().AsTask();

    /// <summary>False: nothing is at hand, or nothing will come.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (HasEnded || !Next.IsCompleted) return false;
        // Completed: this only throws what the stream threw.
        HasEnded = !_next!.GetAwaiter().GetResult();
        if (HasEnded) return false;
        _next = null;
        item = items.Current;
        return true;
    }

    /// <summary>Waits for a step that is under way: whoever disposes has cancelled it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_next is not null) await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await items.DisposeAsync();
    }
}
