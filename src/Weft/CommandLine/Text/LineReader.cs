using System.Buffers;
using System.IO.Pipelines;

namespace Weft.CommandLine.Text;

/// <summary>
/// Reads Unix lines: each ends with LF, and a CR directly before it is removed; the last line needs no LF. A CR
/// elsewhere is part of its line, as for <c>wc -l</c>.
/// </summary>
internal sealed class LineReader(Stream input)
{
    // More than any coordinator accepts: limits the memory for a file without line ends.
    private const int LineBytesMax = 1 << 30;

    private readonly PipeReader _reader = PipeReader.Create(input, new(bufferSize: 64 << 10));
    private long _lines;

    /// <returns>Null at the end.</returns>
    /// <exception cref="CommandFailure">The line is not UTF-8, or too long.</exception>
    public async Task<string?> ReadAsync(CancellationToken stop)
    {
        for (; ; )
        {
            var read = await _reader.ReadAsync(stop);
            var (buffer, end) = (read.Buffer, read.Buffer.PositionOf((byte)'\n'));
            if (end is null && !read.IsCompleted)
            {
                if (buffer.Length > LineBytesMax)
                {
                    throw new CommandFailure($"Line {_lines + 1} has more than {LineBytesMax} bytes.");
                }
                _reader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            if (end is null && buffer.IsEmpty) return null;
            var line = Decode(end is { } place ? buffer.Slice(0, place) : buffer);
            _reader.AdvanceTo(end is { } last ? buffer.GetPosition(1, last) : buffer.End);
            return line;
        }
    }

    private string Decode(in ReadOnlySequence<byte> line)
    {
        _lines++;
        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
        // Only a mark at the beginning of the text is a byte order mark.
        if (_lines == 1) bytes = Utf8Text.WithoutMark(bytes);
        return Utf8Text.Decode(bytes, $"Line {_lines}");
    }
}
