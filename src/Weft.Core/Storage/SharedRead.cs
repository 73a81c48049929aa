namespace Weft.Core.Storage;

/// <summary>
/// A read that costs the more the more there is, for many who ask for it at once: one goes on at a time, and all who
/// ask meanwhile share the next. Each gets what holds at some moment after it has asked.
/// </summary>
public sealed class SharedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _gate = new();
    private Task<T>? _current;
    private Task<T>? _next;

    /// <summary>Reads.</summary>
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
