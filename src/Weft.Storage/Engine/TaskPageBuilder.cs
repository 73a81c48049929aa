using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// A page of a list of tasks, as the rows come: filtered, and bounded by tasks, rows looked at, bytes searched,
/// characters of errors, and time: rows that lie far apart, as dead tasks among millions do, cost ten times as much as
/// neighbours.
/// </summary>
/// <param name="filter">Which tasks are wanted.</param>
/// <param name="limit">How many at most.</param>
/// <param name="time">Measures; null: the clock.</param>
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

    /// <summary>Rows that it looks at, at most.</summary>
    public int ScanMax { get; set; } = filter.PayloadText is not null ? Limits.ListSearchMax : Limits.ListScanMax;

    /// <summary>Whether it takes no further row.</summary>
    public bool IsFull => _tasks.Count == limit || _errorChars > Limits.ListPageErrorCharsMax
        || _searchedBytes > Limits.ListSearchBytesMax || _isLate;

    /// <summary>Rows that it may still look at.</summary>
    public int Left => ScanMax - _scanned;

    /// <summary>Where the next rows begin; null: nowhere else than the first.</summary>
    public TaskId? Last => _last;

    public TaskPage Page => new(_tasks, IsFull || _scanned == ScanMax ? _last : null, _scanned);

    /// <summary>
    /// The next row: those of <see cref="TaskRow"/>, the error's text, and where payloads are searched the size of the
    /// payload and whether the text is in it.
    /// </summary>
    public void Add<TRow>(TRow row, Lane lane)
        where TRow : IRow
    {
        // Searches have a bound of their own, and run one at a time.
        if (_scanned++ % Limits.ListTimedEach == 0 && !_searches) CheckTime();
        _last = new(row.Long(0));
        if (_searches) _searchedBytes += row.Long(PayloadBytes);
        // What is told by a column alone costs no record.
        if (filter.IsFinished is { } isFinished && ((TaskState)row.Short(TaskRow.State)).IsFinal != isFinished) return;
        if (filter.State is { } state && (TaskState)row.Short(TaskRow.State) != state) return;
        // Nobody has submitted it.
        if (lane.Requires.IsCheck) return;
        if (filter.Queue is { } queue && lane.Queue != queue) return;
        if (_searches && !row.Bool(IsFound)) return;
        var task = TaskRow.Read(row, lane, row.TextOrNull(Error));
        if (!filter.Matches(task)) return;
        _tasks.Add(task);
        _errorChars += task.Error?.Length ?? 0;
    }

    /// <summary>Back to where the last piece ended: what came since comes again.</summary>
    public void Again()
    {
        _tasks.RemoveRange(_kept.Tasks, _tasks.Count - _kept.Tasks);
        (_, _last, _scanned, _errorChars, _searchedBytes) = _kept;
    }

    /// <summary>A piece of the rows has come, up to here.</summary>
    /// <returns>Whether there may be more of them, and it takes more.</returns>
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
