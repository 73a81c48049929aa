using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Builds a page of a group's results from rows: up to the first unfinished task, and limited by bytes.
/// </summary>
internal sealed class GroupResultsBuilder(int limit)
{
    /// <summary>From the tables t (tasks), e (errors), r (results) and f (file_sets), followed by the cursor.</summary>
    public const string Columns = "t.id, t.state, t.finished_at, e.text, r.body, f.files, t.lane";

    /// <summary>The position of the lane among them.</summary>
    public const int Lane = 6;

    private readonly List<GroupResult> _results = [];
    private bool _metUnfinished;
    private long _bytes;

    /// <summary>Whether the page is complete.</summary>
    public bool IsEnded => _metUnfinished || _bytes > Limits.ResultsPageBytesMax;

    /// <summary>Whether it ended because it reached its limit.</summary>
    public bool IsFull => _results.Count == limit || _bytes > Limits.ResultsPageBytesMax;

    /// <summary>
    /// Whether all of the group's results may have been delivered, if none of its tasks is unfinished.
    /// </summary>
    public bool MayBeAll => !_metUnfinished && !IsFull;

    public void Add<TRow>(TRow row)
        where TRow : IRow
    {
        var state = (TaskState)row.Short(1);
        _metUnfinished = !state.IsFinal;
        if (_metUnfinished) return;
        var result =
            new GroupResult(
                row.Long(Lane + 1), new(row.Long(0)), state, row.Time(2), row.TextOrNull(3), row.BytesOrNull(4),
                row.BytesOrNull(5));
        _results.Add(result);
        _bytes += result.WireBytes;
    }

    public GroupResultsPage ToPage(bool allDelivered) => new(_results, allDelivered, IsFull);
}
