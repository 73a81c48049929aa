namespace Weft.Storage.Sqlite;

/// <summary>
/// Whether the data folder's disk has room, once a commit has found none. While all is well the disk is asked nothing.
/// </summary>
internal sealed class SqliteDiskSpaceProbe(string folder)
{
    // Some hundred commits: with less, a store that says it is ready would be full again at once.
    private const int ProbeBytes = 1 << 20;

    private readonly Lock _probing = new();
    private volatile bool _exhausted;

    /// <summary>Whether the last look found no room.</summary>
    public bool IsExhausted => _exhausted;

    /// <summary>A commit found no room.</summary>
    public void ReportFull() => _exhausted = true;

    /// <summary>
    /// False until there is room again: looks by writing a file, since quotas and reserves don't show in any count of
    /// free bytes.
    /// </summary>
    public bool HasSpace()
    {
        if (!_exhausted) return true;
        lock (_probing)
        {
            if (_exhausted && TryWrite()) _exhausted = false;
            return !_exhausted;
        }
    }

    private bool TryWrite()
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, "weft.room"), new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.DeleteOnClose,
            });
            probe.Write(new byte[ProbeBytes]);
            probe.Flush(flushToDisk: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
