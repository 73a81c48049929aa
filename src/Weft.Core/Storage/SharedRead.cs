namespace Weft.Core.Storage;

/// <summary>
/// Shares an expensive read among many callers: one read runs at a time, and all callers that arrive in the meantime
/// share the next one. Each gets the state at some moment after its call.
/// </summary>
public sealed class SharedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _gate = new();
    private Task<T>? _current;
    private Task<T>? _next;

    /// <summary>Reads, or joins the next read.</summary>
    public Task<T> ReadAsync()
    {
        lock (_gate)
        {
            if (_current is null or { IsCompleted: true }) return _next ?? (_current = read());
            return _next ??= AfterAsync(_current);
        }
    }

    private async Task<T> AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task<T> reading;
        lock (_gate)
        {
            _next = null;
            reading = _current = read();
        }

        return await reading;
    }
}
