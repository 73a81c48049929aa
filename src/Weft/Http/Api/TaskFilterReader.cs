using System.Globalization;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Reads which tasks to list from a query. A filter that no task can match is an error.</summary>
internal static class TaskFilterReader
{
    private static readonly string[] Names =
    [
        "state", "queue", "group", "type", "worker", "priority", "submittedAfter", "submittedBefore", "finishedAfter",
        "finishedBefore", "error", "payload", "order",
    ];

    private const string StateRule = "must be scheduled, ready, leased, checking, completed, dead or cancelled";

    public static Problem? Read(HttpContext context, out TaskFilter filter)
    {
        filter = new();
        foreach (var name in Names)
        {
            if (!context.Request.Query.TryGetValue(name, out var value)) continue;
            if (Take(name, value.ToString(), ref filter) is not { } rule) continue;
            return Problems.InvalidRequest.With($"{name} {rule}.");
        }

        return FindContradiction(filter);
    }

    /// <summary>Reads one query parameter; returns what is wrong with it.</summary>
    public static string? Take(string name, string value, ref TaskFilter filter)
    {
        switch (name)
        {
            case "state":
                if (!TaskJson.TryParseState(value, out var state)) return StateRule;
                filter = filter with { State = state };
                return null;
            case "queue":
                if (!QueueName.IsValid(value)) return ApiRequest.QueueShape;
                filter = filter with { Queue = value };
                return null;
            case "group":
                if (!TryParse(value, 1, long.MaxValue, out var group)) return "must be a whole number from 1";
                filter = filter with { Group = new(group) };
                return null;
            case "type":
                filter = filter with { Type = value };
                return TextRule(value, Limits.TypeCharsMax);
            case "worker":
                filter = filter with { WorkerId = value };
                return TextRule(value, Limits.WorkerIdCharsMax);
            case "priority":
                if (!TryParse(value, Limits.PriorityMin, Limits.PriorityMax, out var priority))
                {
                    return $"must be a whole number from {Limits.PriorityMin} to {Limits.PriorityMax}";
                }

                filter = filter with { Priority = (int)priority };
                return null;
            case "error":
                filter = filter with { ErrorText = value };
                return TextRule(value, Limits.ListTextCharsMax);
            case "payload":
                filter = filter with { PayloadText = value };
                return TextRule(value, Limits.ListTextCharsMax);
            case "order":
                filter = filter with { NewestFirst = value == "newest" };
                return value is "newest" or "oldest" ? null : "must be oldest or newest";
            default:
                return ReadTime(name, value, ref filter);
        }
    }

    private static string? ReadTime(string name, string value, ref TaskFilter filter)
    {
        if (!StrictJson.TryParseTime(value, out var time)) return $"must be {StrictJson.TimeShape}";
        filter = name switch
        {
            "submittedAfter" => filter with { SubmittedAfter = time },
            "submittedBefore" => filter with { SubmittedBefore = time },
            "finishedAfter" => filter with { FinishedAfter = time },
            _ => filter with { FinishedBefore = time },
        };
        return null;
    }

    /// <param name="filter">The filter to check.</param>
    /// <param name="isImplied">Whether the filter's states are implied by the action.</param>
    public static Problem? FindContradiction(TaskFilter filter, bool isImplied = false)
    {
        if (filter.SubmittedAfter >= filter.SubmittedBefore)
        {
            return Problems.InvalidRequest.With("submittedAfter must be earlier than submittedBefore.");
        }

        if (filter.FinishedAfter >= filter.FinishedBefore)
        {
            return Problems.InvalidRequest.With("finishedAfter must be earlier than finishedBefore.");
        }

        var asksForEnd = filter.FinishedAfter is not null || filter.FinishedBefore is not null;
        if (asksForEnd && isImplied && filter.IsFinished == false)
        {
            return Problems.InvalidRequest.With(
                "This action is for unfinished tasks, which have no finish time.");
        }

        return asksForEnd && filter.State is { IsFinal: false }
            ? Problems.InvalidRequest.With("With a finish time, state must be completed, dead or cancelled.")
            : null;
    }

    private static bool TryParse(string text, long min, long max, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value >= min && value <= max;

    private static string? TextRule(string text, int charsMax) =>
        text.Length > 0 && text.Length <= charsMax ? null : $"must have 1 to {charsMax} characters";
}
