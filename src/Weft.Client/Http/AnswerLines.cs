using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Weft.Client.Http;

/// <summary>
/// A response's lines, each limited in size: a server that is not a coordinator may send a line that never ends.
/// </summary>
internal sealed class AnswerLines(Stream body) : IAsyncDisposable
{
    // A result has up to 10 MiB, and JSON escaping may turn each byte into six.
    private const int LineBytesMax = 64 << 20;

    private const int ReadBytes = 64 << 10;

    private readonly PipeReader _reader = PipeReader.Create(body, new(bufferSize: ReadBytes));

    /// <summary>Reads the next line, without its line ending; null at the end.</summary>
    /// <exception cref="JsonException">The line is longer than a coordinator's can be.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        for (var searched = 0L; ;)
        {
            var read = await _reader.ReadAsync(cancellationToken);
            var unread = read.Buffer;
            var end = unread.Slice(searched).PositionOf((byte)'\n');
            if (end is { } found) return Take(unread.Slice(0, found), next: unread.GetPosition(1, found));
            if (unread.Length > LineBytesMax) throw new JsonException($"A line is over {LineBytesMax} bytes.");
            if (read.IsCompleted) return unread.IsEmpty ? null : Take(unread, next: unread.End);
            searched = unread.Length;
            _reader.AdvanceTo(unread.Start, unread.End);
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private byte[] Take(ReadOnlySequence<byte> line, SequencePosition next)
    {
        var bytes = line.ToArray();
        _reader.AdvanceTo(next);
        return bytes;
    }
}
