using System.CommandLine;
using System.CommandLine.Completions;

namespace Weft.Cli.Completion;

/// <summary>Marks the options and arguments for which a shell should also complete file names.</summary>
internal static class FileCompletion
{
    /// <summary>
    /// The prefix of a completion that stands for "files". The typed text follows it, since completions that don't
    /// match it are dropped.
    /// </summary>
    public const string Mark = "<file>";

    /// <summary>Marks the file and folder arguments of a command and its subcommands.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in command.Options.Where(static option => IsFile(option.HelpName)))
        {
            option.CompletionSources.Add(Files);
        }
        foreach (var argument in command.Arguments.Where(static argument => IsFile(argument.HelpName ?? argument.Name)))
        {
            argument.CompletionSources.Add(Files);
        }
        foreach (var below in command.Subcommands) AddTo(below);
    }

    private static IEnumerable<CompletionItem> Files(CompletionContext typed) => [new(Mark + typed.WordToComplete)];

    private static bool IsFile(string? valueName) => valueName is "file" or "folder" or "file|sha256";
}
