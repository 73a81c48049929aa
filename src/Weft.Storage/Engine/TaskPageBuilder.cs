using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// A page of a list of tasks, as the rows come: filtered, and bounded by tasks, rows looked at, and characters of
/// errors.
/// </summary>
internal sealed class TaskPageBuilder(TaskFilter filter, int limit)
{
    private readonly List<TaskRecord> _tasks = [];
    private TaskId? _last;
    private int _scanned;
    private int _errorChars;

    /// <summary>Whether it takes no further row.</summary>
    public bool IsFull => _tasks.Count == limit || _errorChars > Limits.ListPageErrorCharsMax;

    public TaskPage Page => new(_tasks, IsFull || _scanned == Limits.ListScanMax ? _last : null);

    /// <summary>The next row: those of <see cref="TaskRow"/>, and the error's text.</summary>
    public void Add<TRow>(TRow row, Lane lane, int errorColumn)
        where TRow : IRow
    {
        _scanned++;
        _last = new(row.Long(0));
        if (filter.State is { } state && (TaskState)row.Short(TaskRow.State) != state) return;
        if (filter.Group is { } group && row.LongOrNull(TaskRow.Group) != group.Value) return;
        if (filter.Queue is { } queue && lane.Queue != queue) return;
        var task = TaskRow.Read(row, lane, row.TextOrNull(errorColumn));
        _tasks.Add(task);
        _errorChars += task.Error?.Length ?? 0;
    }
}
