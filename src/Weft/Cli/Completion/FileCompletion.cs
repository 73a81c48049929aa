using System.CommandLine;
using System.CommandLine.Completions;

namespace Weft.Cli.Completion;

/// <summary>Tells the shell's script where files are wanted, and nowhere else.</summary>
internal static class FileCompletion
{
    /// <summary>
    /// What a completion begins with that stands for "files". What is typed follows: what doesn't have it is left out.
    /// </summary>
    public const string Mark = "<file>";

    /// <summary>Marks whatever names a file or a folder, of a command and those below it.</summary>
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
