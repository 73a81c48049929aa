using System.CommandLine;
using Weft.CommandLine.Help;

namespace Weft.Cli.Verify;

/// <summary><c>weft verify</c>: what checking the results of strangers costs, and what it gives.</summary>
internal static class VerifyCommand
{
    public static Command Create() =>
        new Command("verify", "Plan how results of workers that nobody vouches for are checked.")
        {
            VerifyPlanCommand.Create(),
        }.WithExamples("weft verify plan --workers 50 --tasks 1000 --hostile 0.2 --max-wrong 0.001");
}
