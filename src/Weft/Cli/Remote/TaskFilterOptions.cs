using System.CommandLine;
using System.Globalization;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Remote;

/// <summary>The options that select tasks, for all commands that list or change many.</summary>
internal static class TaskFilterOptions
{
    private static readonly Option<string?> State =
        new Option<string?>("--state") { Description = "Only tasks in this state", HelpName = "state" }
        .AcceptOnlyFromAmong("scheduled", "ready", "leased", "checking", "completed", "dead", "cancelled");

    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = "Only tasks in this queue",
        HelpName = "name",
    };
    private static readonly Option<long?> Group = NumberOption.Optional("--group", "Only tasks in this group", 1,
        long.MaxValue, "id");
    private static readonly Option<string?> Type = Text("--type", "Only tasks of this type", "type");
    private static readonly Option<string?> Worker = Text("--worker", "Only tasks that this worker claimed last", "id");
    private static readonly Option<long?> Priority = NumberOption.Optional(
        "--priority", "Only tasks with this priority", (long)Core.Limits.PriorityMin, Core.Limits.PriorityMax);
    private static readonly Option<string?> SubmittedAfter =
        Text("--submitted-after", "Only tasks submitted at or after this time, such as 2030-01-31T12:00:00Z", "time");
    private static readonly Option<string?> SubmittedBefore =
        Text("--submitted-before", "Only tasks submitted before this time", "time");
    private static readonly Option<string?> FinishedAfter =
        Text("--finished-after", "Only tasks finished at or after this time", "time");
    private static readonly Option<string?> FinishedBefore =
        Text("--finished-before", "Only tasks finished before this time", "time");
    private static readonly Option<string?> Error =
        Text("--error", "Only tasks whose error contains this text", "text");
    private static readonly Option<string?> Payload =
        Text("--payload", "Only tasks whose payload contains this text (slow: every payload is read)", "text");

    private static readonly Option[] All =
    [
        State, Queue, Group, Type, Worker, Priority, SubmittedAfter, SubmittedBefore, FinishedAfter, FinishedBefore,
        Error, Payload,
    ];

    public static void AddTo(Command command)
    {
        foreach (var option in All) command.Options.Add(option);
    }

    /// <summary>Whether any of the options was given.</summary>
    public static bool AreGiven(ParseResult flags) => Array.Exists(All, option => flags.GetResult(option) is not null);

    /// <summary>As query parameters.</summary>
    public static IEnumerable<(string Name, string? Value)> Query(ParseResult flags) =>
    [
        ("state", flags.GetValue(State)), ("queue", flags.GetValue(Queue)),
        ("group", flags.GetValue(Group)?.ToString(CultureInfo.InvariantCulture)),
        ("type", flags.GetValue(Type)), ("worker", flags.GetValue(Worker)),
        ("priority", flags.GetValue(Priority)?.ToString(CultureInfo.InvariantCulture)),
        ("submittedAfter", flags.GetValue(SubmittedAfter)), ("submittedBefore", flags.GetValue(SubmittedBefore)),
        ("finishedAfter", flags.GetValue(FinishedAfter)), ("finishedBefore", flags.GetValue(FinishedBefore)),
        ("error", flags.GetValue(Error)), ("payload", flags.GetValue(Payload)),
    ];

    /// <summary>As the filter of an operation.</summary>
    public static OperationFilter Read(ParseResult flags) => new(
        flags.GetValue(State), flags.GetValue(Queue), flags.GetValue(Group), flags.GetValue(Type),
        flags.GetValue(Worker), (int?)flags.GetValue(Priority), Time(flags, SubmittedAfter),
        Time(flags, SubmittedBefore), Time(flags, FinishedAfter), Time(flags, FinishedBefore), flags.GetValue(Error),
        flags.GetValue(Payload));

    private static DateTimeOffset? Time(ParseResult flags, Option<string?> option)
    {
        if (flags.GetValue(option) is not { } text) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time)
            ? time
            : throw new UsageFailure($"{option.Name}: '{text}' is not a time such as 2030-01-31T12:00:00Z.");
    }

    private static Option<string?> Text(string name, string description, string unit) =>
        new(name) { Description = description, HelpName = unit };
}
