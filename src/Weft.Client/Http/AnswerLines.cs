using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Weft.Client.Http;

/// <summary>
/// An answer's lines, each limited in size: a server that is not a coordinator may send one that never ends.
/// </summary>
internal sealed class AnswerLines(Stream body) : IAsyncDisposable
{
    // A result is 10 MiB, and text as JSON may have six bytes for each of its own.
    private const int LineBytesMax = 64 << 20;

    private const int ReadBytes = 64 << 10;

    private readonly PipeReader _reader = PipeReader.Create(body, new(bufferSize: ReadBytes));

    /// <summary>Reads the next line, without its end; null: there is none.</summary>
    /// <exception cref="JsonException">It is longer than any of a coordinator's.</exception>
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
