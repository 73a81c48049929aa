using System.Globalization;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>The requested bulk operation.</summary>
internal readonly record struct OperationAsked(
    BulkAction Action, BulkSelection Selection, int? Priority, bool IsDryRun);

/// <summary>Reads the action, and which tasks it is for.</summary>
internal static class OperationReader
{
    private static readonly MemberNames Names = new("action", "filter", "ids", "priority", "dryRun");
    private static readonly MemberNames FilterNames = new(
        "state", "queue", "group", "type", "worker", "priority", "submittedAfter", "submittedBefore", "finishedAfter",
        "finishedBefore", "error", "payload");

    /// <summary>The operation; invalid when there is a problem.</summary>
    public static Problem? Read(ReadOnlyMemory<byte> body, out OperationAsked asked)
    {
        var json = new StrictJson(body);
        asked = Read(ref json);
        if (json.End() is { } fault) return fault;
        return asked.Selection.Filter is { } filter
            ? TaskFilterReader.FindContradiction(BulkSelection.FilterFor(asked.Action, filter), filter.State is null)
            : null;
    }

    private static OperationAsked Read(ref StrictJson json)
    {
        BulkAction? action = null;
        TaskFilter? filter = null;
        TaskId[]? ids = null;
        int? priority = null;
        var (seen, isDryRun) = (0u, false);
        if (!json.BeginObject()) return default;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            switch (name)
            {
                case "action": action = ReadAction(ref json); break;
                case "filter": filter = ReadFilter(ref json); break;
                case "ids": ids = ReadIds(ref json); break;
                case "priority": priority = (int)json.Integer(Limits.PriorityMin, Limits.PriorityMax); break;
                case "dryRun": isDryRun = json.Boolean(); break;
            }
        }

        if (action is null) json.Fail("action is missing.");
        if (filter is null == ids is null)
        {
            json.Fail("Give either a filter or ids; the filter {} means all tasks.");
        }

        if (priority is null == (action == BulkAction.Priority))
        {
            json.Fail("The action priority requires the member priority; other actions don't allow it.");
        }

        return new(action ?? default, new(filter, ids), priority, isDryRun);
    }

    private static BulkAction ReadAction(ref StrictJson json)
    {
        if (!OperationJson.TryParseAction(json.AnyString(), out var action))
        {
            json.Fail("action must be retry, cancel, delete or priority.");
        }

        return action;
    }

    private static TaskFilter ReadFilter(ref StrictJson json)
    {
        var filter = new TaskFilter();
        var seen = 0u;
        if (!json.BeginObject()) return filter;
        while (json.NextMember(FilterNames, ref seen) is { } name)
        {
            var text = name switch
            {
                "group" => Text(json.Integer(1, long.MaxValue)),
                "priority" => Text(json.Integer(Limits.PriorityMin, Limits.PriorityMax)),
                _ => json.AnyString(),
            };
            if (json.Fault is not null) return filter;
            if (TaskFilterReader.Take(name, text, ref filter) is { } rule) json.Fail($"{name} {rule}.");
        }

        return filter;
    }

    /// <summary>In ascending order, without duplicates.</summary>
    private static TaskId[] ReadIds(ref StrictJson json)
    {
        var ids = new SortedSet<long>();
        var count = 0;
        if (!json.BeginArray()) return [];
        while (json.NextItem())
        {
            if (++count > Limits.BulkIdsMax) json.Fail($"ids must have at most {Limits.BulkIdsMax} items.");
            else ids.Add(json.Integer(1, long.MaxValue));
        }

        if (count == 0) json.Fail("ids must have at least one item.");
        return [.. ids.Select(static id => new TaskId(id))];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
