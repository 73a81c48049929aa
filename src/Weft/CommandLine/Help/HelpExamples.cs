using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Weft.CommandLine.Help;

/// <summary>The examples at the end of a command's <c>--help</c>.</summary>
internal static class HelpExamples
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    public static Command WithExamples(this Command command, params string[] lines)
    {
        Examples.Add(command, lines);
        return command;
    }

    public static IReadOnlyList<string> Of(Command command) =>
        Examples.TryGetValue(command, out var lines) ? lines : [];
}
