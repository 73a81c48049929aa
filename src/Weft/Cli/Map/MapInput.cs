using System.Threading.Channels;
using Weft.CommandLine;
using Weft.CommandLine.Text;

namespace Weft.Cli.Map;

/// <summary>The lines of stdin, read ahead, so that the available ones can be submitted together.</summary>
internal sealed class MapInput
{
    private const int LinesAheadMax = 2_000;
    private const int BatchLinesMax = 500;

    // Keeps a batch below the 32 MiB that the coordinator accepts in one request: on the wire a character takes at most
    // six bytes, and the last line of a batch adds at most 1 MiB of them.
    private const int BatchCharsMax = 4 << 20;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(LinesAheadMax);

    public MapInput(Stream input) => _ = Task.Run(() => PumpAsync(input));

    /// <returns>The given number of lines; fewer at the end of the input.</returns>
    public async Task<List<string>> ReadExactlyAsync(int count, CancellationToken stop)
    {
        var lines = new List<string>(count);
        while (lines.Count < count && await _lines.Reader.WaitToReadAsync(stop))
        {
            while (lines.Count < count && _lines.Reader.TryRead(out var line)) lines.Add(line);
        }

        return lines;
    }

    /// <summary>Waits for a line, and takes all other available ones with it.</summary>
    /// <returns>Empty at the end of the input.</returns>
    public async Task<List<string>> ReadBatchAsync(CancellationToken stop)
    {
        var lines = new List<string>();
        var chars = 0;
        if (!await _lines.Reader.WaitToReadAsync(stop)) return lines;
        while (lines.Count < BatchLinesMax && chars < BatchCharsMax && _lines.Reader.TryRead(out var line))
        {
            lines.Add(line);
            chars += line.Length;
        }

        return lines;
    }

    private async Task PumpAsync(Stream input)
    {
        try
        {
            var reader = new LineReader(input);
            while (await reader.ReadAsync(CancellationToken.None) is { } line) await _lines.Writer.WriteAsync(line);
            _lines.Writer.Complete();
        }
        catch (Exception exception) when (exception is IOException or CommandFailure)
        {
            _lines.Writer.Complete(exception as CommandFailure
                ?? new CommandFailure($"The input can't be read: {exception.Message}"));
        }
    }
}
