using System.Text.Unicode;

namespace Weft.CommandLine.Text;

/// <summary>
/// What was typed after <c>weft</c>, as bytes: the runtime has made U+FFFD of what is no UTF-8 by the time a program
/// sees it.
/// </summary>
internal static class TypedArguments
{
    private const string Source = "/proc/self/cmdline";

    /// <exception cref="UsageFailure">One of them is not UTF-8.</exception>
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
