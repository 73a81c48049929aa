using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Builds a page of a list of tasks from rows: filtered, and limited by tasks, rows read, bytes searched, characters of
/// errors, and time. Rows far apart, such as dead tasks among millions, cost ten times as much as adjacent ones.
/// </summary>
/// <param name="filter">Which tasks to include.</param>
/// <param name="limit">Their maximum number.</param>
/// <param name="time">The clock; null: the system's.</param>
internal sealed class TaskPageBuilder(TaskFilter filter, int limit, TimeProvider? time = null)
{
    private const int Error = TaskRow.ColumnCount;
    private const int PayloadBytes = Error + 1;
    private const int IsFound = Error + 2;

    private readonly List<TaskRecord> _tasks = [];
    private readonly bool _searches = filter.PayloadText is not null;
    private TaskId? _last;
    private int _scanned;
    private int _errorChars;
    private long _searchedBytes;
    private long _started;
    private bool _isLate;
    private (int Tasks, TaskId? Last, int Scanned, int ErrorChars, long SearchedBytes) _kept;

    /// <summary>The maximum number of rows to read.</summary>
    public int ScanMax { get; set; } = filter.PayloadText is not null ? Limits.ListSearchMax : Limits.ListScanMax;

    /// <summary>Whether the page is complete.</summary>
    public bool IsFull => _tasks.Count == limit || _errorChars > Limits.ListPageErrorCharsMax
        || _searchedBytes > Limits.ListSearchBytesMax || _isLate;

    /// <summary>How many rows it may still read.</summary>
    public int Left => ScanMax - _scanned;

    /// <summary>Where the next rows begin; null: at the first.</summary>
    public TaskId? Last => _last;

    public TaskPage Page => new(_tasks, IsFull || _scanned == ScanMax ? _last : null, _scanned);

    /// <summary>
    /// Adds the next row: the columns of <see cref="TaskRow"/>, the error's text, and for a payload search the
    /// payload's size and whether it contains the text.
    /// </summary>
    public void Add<TRow>(TRow row, Lane lane)
        where TRow : IRow
    {
        // Searches have their own limit, and run one at a time.
        if (_scanned++ % Limits.ListTimedEach == 0 && !_searches) CheckTime();
        _last = new(row.Long(0));
        if (_searches) _searchedBytes += row.Long(PayloadBytes);
        // Filters that need only a column don't need the record.
        if (filter.IsFinished is { } isFinished && ((TaskState)row.Short(TaskRow.State)).IsFinal != isFinished) return;
        if (filter.State is { } state && (TaskState)row.Short(TaskRow.State) != state) return;
        // It has no submitter.
        if (lane.Requires.IsCheck) return;
        if (filter.Queue is { } queue && lane.Queue != queue) return;
        if (_searches && !row.Bool(IsFound)) return;
        var task = TaskRow.Read(row, lane, row.TextOrNull(Error));
        if (!filter.Matches(task)) return;
        _tasks.Add(task);
        _errorChars += task.Error?.Length ?? 0;
    }

    /// <summary>Back to the end of the last piece: later rows are read again.</summary>
    public void Again()
    {
        _tasks.RemoveRange(_kept.Tasks, _tasks.Count - _kept.Tasks);
        (_, _last, _scanned, _errorChars, _searchedBytes) = _kept;
    }

    /// <summary>A piece of the rows is complete, up to here.</summary>
    /// <returns>Whether there may be more rows, and the page needs more.</returns>
    public bool EndPiece(int asked)
    {
        var came = _scanned - _kept.Scanned;
        _kept = (_tasks.Count, _last, _scanned, _errorChars, _searchedBytes);
        if (came < asked || Left == 0) return false;
        if (!_searches) CheckTime();
        return !IsFull;
    }

    private void CheckTime()
    {
        var now = (time ?? TimeProvider.System).GetTimestamp();
        if (_scanned == 1) _started = now;
        else _isLate = (time ?? TimeProvider.System).GetElapsedTime(_started, now) > Limits.ListTimeMax;
    }
}
