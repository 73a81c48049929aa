using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core;

namespace Weft.Cli.Modules;

/// <summary>The options for running a module. The coordinator checks the exact ranges.</summary>
internal static class RunOptions
{
    private static readonly Option<string[]> Arg = new("--arg")
    {
        Description = "Argument for the module; may be repeated",
        HelpName = "text",
    };
    private static readonly Option<string[]> Env = new("--env")
    {
        Description = "Environment variable for the module; may be repeated",
        HelpName = "NAME=VALUE",
    };
    private static readonly Option<double?> Timeout = NumberOption.Optional("--timeout-seconds",
        "Time limit of the module [default: 60]", 1, 86_400.0, "seconds");
    private static readonly Option<int?> Memory = NumberOption.Optional("--memory-mb",
        "Memory limit of the module [default: 256]", 1, 4_096, "megabytes");
    private static readonly Option<bool> Fixed = new("--fixed")
    {
        Description = "Give the module the same clock and random numbers on every run",
    };

    private static readonly Option<int?> OutMb = NumberOption.Optional("--out-mb",
        "Megabytes of files that a task may write below out/ [default: none]", 1, Limits.OutMbMax, "megabytes");

    private static IEnumerable<Option> All => [Arg, Env, Timeout, Memory, Fixed, OutMb];

    public static void AddTo(Command command)
    {
        foreach (var option in All) command.Options.Add(option);
    }

    /// <summary>Null if no option was given.</summary>
    /// <exception cref="UsageFailure">A variable is invalid.</exception>
    public static ModuleRun? Read(ParseResult flags) => Describe(flags).Length == 0
        ? null
        : new(flags.GetValue(Arg) is { Length: > 0 } args ? args : null, ReadEnv(flags), flags.GetValue(Timeout),
            flags.GetValue(Memory), flags.GetValue(Fixed) ? true : null, OutMb: flags.GetValue(OutMb));

    /// <summary>All given options, equal for the same options in any order; empty for none.</summary>
    public static string Describe(ParseResult flags) =>
        string.Join(' ', All.Select(option => flags.GetResult(option)).OfType<OptionResult>()
            .Where(static given => !given.Implicit)
            .Select(static given => $"{given.Option.Name}={string.Join('\0', given.Tokens)}"));

    private static Dictionary<string, string>? ReadEnv(ParseResult flags)
    {
        if (flags.GetValue(Env) is not { Length: > 0 } given) return null;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var end = text.IndexOf('=', StringComparison.Ordinal);
            if (end < 1) throw new UsageFailure($"--env: '{text}' is not NAME=VALUE.");
            variables[text[..end]] = text[(end + 1)..];
        }

        return variables;
    }
}
