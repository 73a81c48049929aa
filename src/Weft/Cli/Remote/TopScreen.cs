using System.Text;
using Weft.CommandLine.Terminal;

namespace Weft.Cli.Remote;

/// <summary>A screen of lines on stdout's terminal, each overwriting the previous one.</summary>
internal sealed class TopScreen
{
    private const string Home = "\e[H";
    private const string EraseLine = "\e[K";
    private const string EraseBelow = "\e[J";
    private const string EraseAll = "\e[2J";
    private const int RowsUnknown = 24;
    private const int ColumnsUnknown = 80;

    private bool _isShown;

    /// <summary>Shows as many of the lines as the terminal has rows.</summary>
    public void Show(IReadOnlyList<string> lines)
    {
        var rows = Descriptor.Rows(Descriptor.Output) ?? RowsUnknown;
        var columns = Descriptor.Columns(Descriptor.Output) ?? ColumnsUnknown;
        var text = new StringBuilder(_isShown ? Home : EraseAll + Home);
        foreach (var line in lines.Take(rows - 1))
        {
            // Names are untrusted: they must not contain terminal control sequences.
            text.Append(Inert.Of(line.Length <= columns ? line : line[..columns])).Append(EraseLine).Append('\n');
        }

        StandardStreams.TerminalOutput.Write(text.Append(EraseBelow).ToString());
        _isShown = true;
    }
}
