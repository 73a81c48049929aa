using System.Globalization;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>Rows of bulk operations, in the columns that every engine selects in the same order.</summary>
internal static class BulkRows
{
    private const char BetweenIds = ' ';

    public static string? WriteIds(IReadOnlyList<TaskId>? ids) => ids is null
        ? null
        : string.Join(BetweenIds, ids.Select(static id => id.Value.ToString(CultureInfo.InvariantCulture)));

    public static BulkOperation Read<TRow>(TRow row)
        where TRow : IRow
    {
        var filter = row.TextOrNull(3) is { } text ? TaskFilterText.Read(text) : null;
        var selection = new BulkSelection(filter, ReadIds(row.TextOrNull(20)));
        var order = new BulkOrder(
            (BulkAction)row.Long(1), selection, row.IsNull(5) ? null : (int)row.Long(5), StoreRows.ReadOwner(row, 6),
            new(StoreRows.ReadOwner(row, 7), row.TextOrNull(8)));
        return new(
            new(row.Long(0)), order, (BulkState)row.Long(2),
            new(row.Long(11), row.Long(12), row.Long(13), row.Long(14)), new(row.Long(9)), new(row.Long(10)),
            row.Time(15), row.TimeOrNull(16))
        {
            IdCount = row.IsNull(4) ? null : (int)row.Long(4),
            Reason = row.TextOrNull(17),
            Runner = (row.TextOrNull(18), row.TimeOrNull(19)),
        };
    }

    private static TaskId[]? ReadIds(string? text) => text is null
        ? null
        : [.. text.Split(BetweenIds, StringSplitOptions.RemoveEmptyEntries)
            .Select(static id => new TaskId(long.Parse(id, CultureInfo.InvariantCulture)))];
}
