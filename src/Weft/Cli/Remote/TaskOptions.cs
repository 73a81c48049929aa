using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core;

namespace Weft.Cli.Remote;

/// <summary>
/// The options for how to handle a task, for commands that submit. The coordinator checks the exact ranges.
/// </summary>
internal static class TaskOptions
{
    // Ten years.
    private const double SecondsMax = 315_360_000;

    /// <summary>Treat payloads and results as text rather than as JSON.</summary>
    public static Option<bool> Text { get; } = new("--text")
    {
        Description = "Treat payloads as text even if they look like JSON; print string results as plain text, each " +
            "on one line: a line end in it is printed as \\n or \\r. Without it, a payload that starts with { [ or " +
            "\" must be JSON",
    };

    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = "Queue [default: default]",
        HelpName = "name",
    };
    private static readonly Option<string?> Type = new("--type")
    {
        Description = "Task type, passed to the worker",
        HelpName = "name",
    };
    private static readonly Option<int?> Priority = NumberOption.Optional("--priority",
        "Tasks with higher priority are claimed first [default: 0]", -100, 100);
    private static readonly Option<double?> DelaySeconds = NumberOption.Optional("--delay-seconds",
        "How long the task stays scheduled before it is ready", 0, SecondsMax, "seconds");
    private static readonly Option<double?> ExpiresInSeconds = NumberOption.Optional("--expires-in-seconds",
        "Mark the task dead if it isn't finished by then [default: never]", 0, SecondsMax, "seconds");
    private static readonly Option<double?> LeaseSeconds = NumberOption.Optional("--lease-seconds",
        "How long a worker may hold the task without a heartbeat, unless the worker sets its own lease [default: the " +
        "coordinator's setting]", 1, SecondsMax, "seconds");
    private static readonly Option<int?> MaxAttempts = NumberOption.Optional("--max-attempts",
        "Mark the task dead after this many failed attempts [default: 5]", 1, 100);
    private static readonly Option<string[]> Requires = new("--requires")
    {
        Description = "Capability that a worker must have, such as simd or memory>=4096; may be repeated",
        HelpName = "label",
    };

    private static readonly Option<double?> Verify = new("--verify")
    {
        Description = "Verify results of untrusted workers, so that at most this share is wrong, 0.000001 to 0.1; " +
            "without a number, 0.01 [default: results are accepted unchecked]",
        HelpName = "share",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ReadShare,
    };
    private static readonly Option<int?> VerifyAll = NumberOption.Optional("--verify-all",
        "Verify every result: it must lead every other answer by this many; 2 means two that agree", 2, 7, "number");
    private static readonly Option<double?> AssumeHostile = NumberOption.Optional("--assume-hostile",
        "With --verify or --verify-all: the share of workers that may be dishonest [default: 0.1]",
        Limits.VerifyHostileMin, Limits.VerifyHostileMax, "share");

    private static IEnumerable<Option> All =>
    [
        Queue, Type, Priority, DelaySeconds, ExpiresInSeconds, LeaseSeconds, MaxAttempts, Requires, Verify, VerifyAll,
        AssumeHostile, Text,
    ];

    public static void AddTo(Command command)
    {
        foreach (var option in All) command.Options.Add(option);
        command.Validators.Add(static given =>
        {
            if (given.GetResult(AssumeHostile) is null || given.GetResult(Verify) is not null
                || given.GetResult(VerifyAll) is not null) return;
            given.AddError("--assume-hostile has no effect without verification: add --verify.");
        });
    }

    public static TaskRequest Read(ParseResult flags, JsonElement payload) =>
        new(payload, flags.GetValue(Queue), flags.GetValue(Type), flags.GetValue(Priority),
            flags.GetValue(DelaySeconds), RunAt: null,
            flags.GetValue(MaxAttempts), flags.GetValue(LeaseSeconds), flags.GetValue(ExpiresInSeconds), Group: null,
            flags.GetValue(Requires) is { Length: > 0 } requires ? requires : null, Verify: PolicyOf(flags));

    private static Contracts.Verify? PolicyOf(ParseResult flags)
    {
        var hostile = flags.GetValue(AssumeHostile);
        if (flags.GetValue(VerifyAll) is { } copies) return new(Mode: "all", Copies: copies, AssumeHostile: hostile);
        return flags.GetResult(Verify) is null ? null
            : new(MaxWrong: flags.GetValue(Verify), AssumeHostile: hostile);
    }

    private static double? ReadShare(ArgumentResult given)
    {
        if (given.Tokens.Count == 0) return null;
        if (double.TryParse(given.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
            && share is >= 1e-6 and <= 0.1) return share;
        given.AddError($"--verify: '{given.Tokens[0].Value}' is not a number from 0.000001 to 0.1.");
        return null;
    }

    /// <summary>The queue to submit tasks to.</summary>
    public static string QueueOf(ParseResult flags) => flags.GetValue(Queue) ?? "default";

    /// <summary>All given options, equal for the same options in any order.</summary>
    public static string Describe(ParseResult flags) =>
        string.Join(' ', All.Select(option => flags.GetResult(option)).OfType<OptionResult>()
            .Select(static given => $"{given.Option.Name}={string.Join(',', given.Tokens)}"));
}
