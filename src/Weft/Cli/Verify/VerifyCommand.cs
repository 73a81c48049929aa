using System.CommandLine;
using Weft.CommandLine.Help;

namespace Weft.Cli.Verify;

/// <summary><c>weft verify</c>: the cost and the effect of verifying untrusted results.</summary>
internal static class VerifyCommand
{
    public static Command Create() =>
        new Command("verify", "Plan how to verify the results of untrusted workers.")
        {
            VerifyPlanCommand.Create(),
        }.WithExamples("weft verify plan --workers 50 --tasks 1000 --hostile 0.2 --max-wrong 0.001");
}
