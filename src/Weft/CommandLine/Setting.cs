using System.CommandLine;
using System.CommandLine.Parsing;

namespace Weft.CommandLine;

/// <summary>
/// One setting of the coordinator: from a flag, else an environment variable, else a line of <c>weft.json</c>, else its
/// default.
/// </summary>
internal abstract class Setting<TOptions>(string name)
{
    /// <summary>The variable's name: <c>--lease-seconds</c> is <c>WEFT_LEASE_SECONDS</c>.</summary>
    public string Variable { get; } = "WEFT_" + name.ToUpperInvariant().Replace('-', '_');

    public string Name => name;

    public abstract Option Option { get; }

    /// <summary>
    /// Reads the setting from the first source that has it; throws <see cref="UsageFailure"/> if its value is invalid.
    /// </summary>
    public abstract void Apply(ParseResult flags, Func<string, string?> variables,
        IReadOnlyDictionary<string, string> file, TOptions options);
}

/// <summary>A Boolean setting: <c>--open</c>, <c>WEFT_OPEN=true</c>, <c>"open": true</c>.</summary>
internal sealed class FlagSetting<TOptions>(string name, string description, Action<TOptions, bool> set)
    : Setting<TOptions>(name)
{
    private readonly Option<bool> _option = new("--" + name) { Description = description, Arity = ArgumentArity.Zero };

    public override Option Option => _option;

    public override void Apply(ParseResult flags, Func<string, string?> variables,
        IReadOnlyDictionary<string, string> file, TOptions options)
    {
        if (flags.GetResult(_option) is OptionResult { Implicit: false })
        {
            set(options, true);
            return;
        }

        var (text, source) = variables(Variable) is { Length: > 0 } variable ? (variable, Variable)
            : file.TryGetValue(Name, out var line) ? (line, $"\"{Name}\" in weft.json") : (null, "");
        if (text is null) return;
        // JSON's true becomes the text True.
        if (!bool.TryParse(text, out var value)) throw new UsageFailure($"{source}: '{text}' is not true or false.");
        set(options, value);
    }
}

/// <param name="name">Without the dashes.</param>
/// <param name="description">For <c>--help</c>; the default is added to it.</param>
/// <param name="fallback">The default, as it would be typed; null for none.</param>
/// <param name="read">Parses the text, and returns whether it is valid.</param>
/// <param name="expects">A description of valid values, for the error.</param>
/// <param name="set">Stores the value.</param>
internal sealed class Setting<TOptions, T>(
    string name, string description, string? fallback, Func<string, (bool Valid, T Value)> read, string expects,
    Action<TOptions, T> set) : Setting<TOptions>(name)
{
    private readonly Option<string?> _option = new("--" + name)
    {
        Description = fallback is null ? description : $"{description} [default: {fallback}]",
        HelpName = SettingUnit.Of(name, typeof(T)),
    };

    public override Option Option => _option;

    public override void Apply(ParseResult flags, Func<string, string?> variables,
        IReadOnlyDictionary<string, string> file, TOptions options)
    {
        var (text, source) =
            flags.GetResult(_option) is OptionResult { Implicit: false } given
                ? (given.GetValue(_option), $"--{Name}") :
            variables(Variable) is { Length: > 0 } variable ? (variable, Variable) :
            file.TryGetValue(Name, out var line) ? (line, $"\"{Name}\" in weft.json") :
            (null, "");
        if (text is null) return;
        var (valid, value) = read(text);
        if (!valid) throw new UsageFailure($"{source}: '{text}' is not {expects}.");
        set(options, value);
    }
}

/// <summary>The command line is invalid. The message is one line for stderr; the exit code is 2.</summary>
internal sealed class UsageFailure(string message) : Exception(message);
