using System.Buffers.Text;
using System.Text;

namespace Weft.Bench.Http;

/// <summary>Finds one HTTP/1.1 response in received bytes. Knows only what servers of JSON send:
/// <c>Content-Length</c>, <c>chunked</c>, and statuses without a body.</summary>
internal static class HttpResponseReader
{
    /// <summary>Where a complete response lies: its body's place and its whole length, in bytes.</summary>
    internal readonly record struct Frame(int Status, Range Body, int Length);

    private const int HeadMax = 64 * 1024;
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>
    /// False while bytes are missing. A chunked body is joined in place, so call it again only with a new response.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not such a response, however many more come.</exception>
    public static bool TryRead(Span<byte> received, out Frame frame)
    {
        frame = default;
        var headLength = received.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4 && received.Length > HeadMax) throw new InvalidDataException("A response head without end.");
        if (headLength < 4) return false;

        var (status, length, chunked) = ReadHead(received[..(headLength - 2)]);
        if (chunked) return TryJoinChunks(received, headLength, status, out frame);
        if (received.Length - headLength < length) return false;
        frame = new Frame(status, headLength..(headLength + length), headLength + length);
        return true;
    }

    private static (int Status, int Length, bool Chunked) ReadHead(ReadOnlySpan<byte> head)
    {
        var line = TakeLine(ref head);
        if (!line.StartsWith("HTTP/1."u8) || line.Length < 12
            || !Utf8Parser.TryParse(line[9..12], out int status, out _))
            throw new InvalidDataException($"Not a status line: {Encoding.ASCII.GetString(line)}");

        var length = -1;
        var chunked = false;
        while (!head.IsEmpty)
        {
            line = TakeLine(ref head);
            var colon = line.IndexOf((byte)':');
            if (colon < 0) throw new InvalidDataException("A header without a colon.");
            var value = line[(colon + 1)..].Trim((byte)' ');
            if (Ascii.EqualsIgnoreCase(line[..colon], "content-length"u8))
                length = Utf8Parser.TryParse(value, out int parsed, out _) && parsed >= 0 ? parsed
                    : throw new InvalidDataException("A Content-Length that is no length.");
            else if (Ascii.EqualsIgnoreCase(line[..colon], "transfer-encoding"u8))
                chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
        }
        if (status is 204 or 304) return (status, 0, false);
        if (length < 0 && !chunked)
            throw new InvalidDataException("A body without a length: the connection can't be kept.");
        return (status, length, chunked);
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf(LineEnd);
        var line = head[..end];
        head = head[(end + LineEnd.Length)..];
        return line;
    }

    private static bool TryJoinChunks(Span<byte> received, int bodyStart, int status, out Frame frame)
    {
        frame = default;
        // Two walks: nothing may move before the last chunk is there, as the next attempt starts over.
        if (!TryWalkChunks(received, bodyStart, move: false, out _, out _)) return false;
        TryWalkChunks(received, bodyStart, move: true, out var bodyLength, out var end);
        frame = new Frame(status, bodyStart..(bodyStart + bodyLength), end);
        return true;
    }

    private static bool TryWalkChunks(Span<byte> received, int start, bool move, out int bodyLength, out int end)
    {
        bodyLength = 0;
        for (end = start; ;)
        {
            var rest = received[end..];
            var sizeEnd = rest.IndexOf(LineEnd);
            if (sizeEnd < 0) return false;
            if (!Utf8Parser.TryParse(rest[..sizeEnd], out int size, out _, 'x') || size < 0)
                throw new InvalidDataException("A chunk without a size.");
            var data = end + sizeEnd + LineEnd.Length;
            if (received.Length - data < size + LineEnd.Length) return false;
            if (!received.Slice(data + size, LineEnd.Length).SequenceEqual(LineEnd))
                throw new InvalidDataException("A chunk longer than its size.");
            if (move) received.Slice(data, size).CopyTo(received[(start + bodyLength)..]);
            bodyLength += size;
            end = data + size + LineEnd.Length;
            if (size == 0) return true;
        }
    }
}
