namespace Weft.Storage.Sqlite;

/// <summary>
/// Whether the data folder's disk has space, once a commit has failed for lack of it. Until then the disk isn't probed.
/// </summary>
internal sealed class SqliteDiskSpaceProbe(string folder)
{
    // Some hundred commits: with less, a store that reports it is ready would be full again at once.
    private const int ProbeBytes = 1 << 20;

    private readonly Lock _probing = new();
    private volatile bool _exhausted;

    /// <summary>Whether the last probe found no space.</summary>
    public bool IsExhausted => _exhausted;

    /// <summary>A commit failed for lack of space.</summary>
    public void ReportFull() => _exhausted = true;

    /// <summary>
    /// False until there is space again: probes by writing a file, since quotas and reserves don't show in any count of
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
