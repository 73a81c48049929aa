using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Help;

namespace Weft.Cli.Completion;

/// <summary><c>weft completion</c>: prints a shell's completion script for <c>weft</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish", HelpName = "bash|zsh|fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion",
            "Print a script that completes weft's commands and options in a shell.") { shell };
        command.SetAction(flags =>
        {
            Console.Out.WriteLine(flags.GetRequiredValue(shell) switch
            {
                "bash" => CompletionScripts.Bash,
                "zsh" => CompletionScripts.Zsh,
                _ => CompletionScripts.Fish,
            });
            return ExitCode.Ok;
        });
        return command.WithExamples("eval \"$(weft completion bash)\"", "weft completion fish | source");
    }
}
