using System.Text.Unicode;

namespace Weft.CommandLine.Text;

/// <summary>
/// The command-line arguments as bytes: the runtime replaces invalid UTF-8 by U+FFFD before a program sees it.
/// </summary>
internal static class TypedArguments
{
    private const string Source = "/proc/self/cmdline";

    /// <exception cref="UsageFailure">An argument is not UTF-8.</exception>
    public static void Check(string[] arguments)
    {
        if (Array.TrueForAll(arguments, static argument => !argument.Contains('\uFFFD', StringComparison.Ordinal))
            || !File.Exists(Source))
        {
            return;
        }
        if (!Utf8.IsValid(File.ReadAllBytes(Source))) throw new UsageFailure("The command line is not UTF-8 text.");
    }
}
