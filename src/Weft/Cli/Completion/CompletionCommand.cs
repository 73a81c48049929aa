using System.CommandLine;

namespace Weft.Cli.Completion;

/// <summary><c>weft completion</c>: the script that lets a shell complete what is typed after <c>weft</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script with which a shell completes weft's commands and options.") { shell };
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
        return command;
    }
}
