namespace Weft.CommandLine.Terminal;

/// <summary>
/// One line at the bottom of a terminal, on stderr, written over in place. It never moves up, and it goes away before
/// anything else is written, so it destroys no output: neither this program's nor that of one which reads from it.
/// Safe for use by many threads.
/// </summary>
internal sealed class ProgressLine(TextWriter terminal, Func<int> columns, TimeProvider time)
{
    private const int ColumnsUnknown = 80;
    private const string Erase = "\r\e[K";

    // Who reads from this program and writes to the same terminal does so a little later.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private bool _isShown;
    private long _lastWritten;

    /// <summary>
    /// The room on stderr's terminal. The last column stays free: a terminal would go to the next line after it.
    /// </summary>
    public static int Columns => (Descriptor.Columns(Descriptor.Error) ?? ColumnsUnknown) - 1;

    /// <returns>Null where nobody looks.</returns>
    public static ProgressLine? OnTerminal() =>
        Console.IsErrorRedirected
            ? null
            : new(StandardStreams.TerminalError, static () => Columns, TimeProvider.System);

    /// <summary>Shows a line, unless something else was written just now.</summary>
    /// <param name="describe">The line, for so many columns.</param>
    public void Show(Func<int, string> describe)
    {
        lock (_lock)
        {
            if (_lastWritten != 0 && time.GetElapsedTime(_lastWritten) < Quiet) return;
            var room = Math.Max(0, columns());
            var line = describe(room);
            terminal.Write(Erase + (line.Length <= room ? line : line[..room]));
            _isShown = true;
        }
    }

    /// <summary>Writes something else, above the line.</summary>
    public void Above(Action write)
    {
        lock (_lock)
        {
            Hide();
            write();
            _lastWritten = time.GetTimestamp();
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        lock (_lock) Hide();
    }

    private void Hide()
    {
        if (_isShown) terminal.Write(Erase);
        _isShown = false;
    }
}
