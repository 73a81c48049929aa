using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;

namespace Weft.Cli.New;

/// <summary><c>weft new</c>: writes an example task to start with.</summary>
internal static class NewCommand
{
    public const string Name = "new";

    public static Command Create()
    {
        var language = new Argument<string>("language")
        {
            Description = "Language of the task; as stands for AssemblyScript",
            HelpName = string.Join('|', StarterKit.Languages),
        };
        language.AcceptOnlyFromAmong(StarterKit.Languages);
        var folder = new Argument<string>("folder")
        {
            Description = "Folder for the files; created if it doesn't exist. No file is overwritten",
        };
        var command = new Command(Name, "Write an example task to start with, and instructions to build and run it.")
        {
            language,
            folder,
        };
        command.SetAction(flags =>
        {
            var files = StarterKit.Write(flags.GetRequiredValue(language), flags.GetRequiredValue(folder));
            foreach (var file in files) Console.Out.WriteLine(file);
            var readme = files.First(static file => Path.GetFileName(file) == "README.md");
            var first = File.ReadLines(readme).First(static line => line.StartsWith("    ", StringComparison.Ordinal));
            Console.Error.WriteLine(
                $"Next, type:\n    cd {Path.GetDirectoryName(readme)}\n{first}\n{readme} has the rest.");
            return ExitCode.Ok;
        });
        return command.WithExamples("weft new python squares", "weft new c squares");
    }
}
