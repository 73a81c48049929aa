namespace Weft.CommandLine.Terminal;

/// <summary>
/// One line at the bottom of a terminal, on stderr, overwritten in place. It never moves up, and is erased before any
/// other output, so that it destroys no output of this program or of one that reads from it. Safe for use by many
/// threads.
/// </summary>
internal sealed class ProgressLine(TextWriter terminal, Func<int> columns, TimeProvider time)
{
    private const int ColumnsUnknown = 80;
    private const string Erase = "\r\e[K";

    // A program that reads from this one and writes to the same terminal does so a little later.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private bool _isShown;
    private long _lastWritten;

    /// <summary>
    /// The width of stderr's terminal. The last column stays free: after it, a terminal would move to the next line.
    /// </summary>
    public static int Columns => (Descriptor.Columns(Descriptor.Error) ?? ColumnsUnknown) - 1;

    /// <returns>Null if stderr is not a terminal.</returns>
    public static ProgressLine? OnTerminal() =>
        Console.IsErrorRedirected
            ? null
            : new(StandardStreams.TerminalError, static () => Columns, TimeProvider.System);

    /// <summary>Shows a line, unless other output was written just now.</summary>
    /// <param name="describe">Formats the line for the given number of columns.</param>
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

    /// <summary>Writes other output above the line.</summary>
    public void Above(Action write)
    {
        lock (_lock)
        {
            Hide();
            write();
            _lastWritten = time.GetTimestamp();
        }
    }

    /// <summary>Erases the line.</summary>
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
