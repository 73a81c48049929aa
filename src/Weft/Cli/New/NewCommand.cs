using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;

namespace Weft.Cli.New;

/// <summary><c>weft new</c>: a task to begin with.</summary>
internal static class NewCommand
{
    public const string Name = "new";

    public static Command Create()
    {
        var language = new Argument<string>("language")
        {
            Description = "What the task is written in; as is AssemblyScript",
            HelpName = string.Join('|', StarterKit.Languages),
        };
        language.AcceptOnlyFromAmong(StarterKit.Languages);
        var folder = new Argument<string>("folder")
        {
            Description = "Where its files go; created if it doesn't exist. No file is overwritten",
        };
        var command = new Command(Name, "Write a task to begin with, and how it is built and run.")
        {
            language,
            folder,
        };
        command.SetAction(flags =>
        {
            var files = StarterKit.Write(flags.GetRequiredValue(language), flags.GetRequiredValue(folder));
            foreach (var file in files) Console.Out.WriteLine(file);
            return ExitCode.Ok;
        });
        return command.WithExamples("weft new python squares", "weft new c squares");
    }
}
