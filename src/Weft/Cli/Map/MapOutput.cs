using Weft.CommandLine;
using Weft.CommandLine.Terminal;

namespace Weft.Cli.Map;

/// <summary>Stdout, written line by line.</summary>
/// <param name="screen">The progress line that shares the terminal with it.</param>
internal sealed class MapOutput(ProgressLine? screen)
{
    /// <exception cref="CommandFailure">The reader has gone, the disk is full, or stdout is closed.</exception>
    public void WriteLine(string line)
    {
        if (screen is null) Console.Out.WriteLine(line);
        else screen.Above(() => Console.Out.WriteLine(line));
        if (StandardStreams.OutputFailure is not { } failure) return;
        var reason = StandardStreams.IsReaderGone ? "its reader has closed it" : failure;
        throw new CommandFailure($"The output can't be written: {reason}. Run the same command again to continue.");
    }
}
