using System.CommandLine;
using System.CommandLine.Invocation;

namespace Weft.CommandLine.Help;

/// <summary>The output of <c>--help</c>: description, usage, commands before options, and examples.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Print(parseResult.CommandResult.Command, new HelpText(Console.Out));
        return ExitCode.Ok;
    }

    private static void Print(Command command, HelpText text)
    {
        text.Paragraph(command.Description ?? "");
        text.Section("Usage", [Usage(command)]);
        text.Section("Arguments",
            [.. command.Arguments.Where(static argument => !argument.Hidden)
                .Select(static argument => (Name(argument), argument.Description ?? ""))]);
        text.Section("Commands",
            [.. command.Subcommands.Where(static each => !each.Hidden)
                .Select(static each => (Name(each), each.Description ?? ""))]);
        text.Section("Examples", HelpExamples.Of(command));
        text.Section("Options",
            [.. Options(command).Select(static option => (Name(option), option.Description ?? ""))]);
    }

    /// <summary>A command's own options, and those inherited from its parents.</summary>
    public static IEnumerable<Option> Options(Command command) =>
        command.Options.Concat(Above(command)
            .SelectMany(static above => above.Options.Where(static option => option.Recursive)))
        .Where(static option => !option.Hidden).Distinct();

    /// <summary>The command's full name: <c>weft queues pause</c>.</summary>
    public static string Path(Command command) =>
        string.Join(' ', Above(command).Reverse().Append(command)
            .Select(static each => each is RootCommand ? "weft" : each.Name));

    private static IEnumerable<Command> Above(Command command)
    {
        while (command.Parents.OfType<Command>().FirstOrDefault() is { } above) yield return command = above;
    }

    private static string Usage(Command command)
    {
        var arguments = command.Arguments.Where(static argument => !argument.Hidden)
            .Select(static argument => Name(argument));
        return string.Join(' ',
            [Path(command), .. arguments, .. command.Subcommands.Count > 0 ? (string[])["[command]"] : [],
            "[options]"]);
    }

    private static string Name(Argument argument)
    {
        var name = $"<{argument.HelpName ?? argument.Name}>{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Name(Command command) =>
        string.Join(' ',
            [command.Name, .. command.Arguments.Where(static argument => !argument.Hidden)
                .Select(static argument => Name(argument))]);

    private static string Name(Option option)
    {
        var names = string.Join(", ",
            option.Aliases.Where(static alias => alias[0] == '-' && alias.Length == 2 && alias != "-?")
            .Append(option.Name));
        return option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) || option.HelpName is null
            ? names
            : $"{names} <{option.HelpName}>";
    }
}
