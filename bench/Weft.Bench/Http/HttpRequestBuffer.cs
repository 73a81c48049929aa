using System.Text.Unicode;

namespace Weft.Bench.Http;

/// <summary>
/// A POST whose body is put together anew each time, in one buffer that is kept. Valid until the next
/// <see cref="Clear"/>.
/// </summary>
internal sealed class HttpRequestBuffer
{
    private const int HeadMax = 160;
    private byte[] bytes = new byte[16 * 1024];
    private int end = HeadMax;

    public void Clear() => end = HeadMax;

    public HttpRequestBuffer Add(ReadOnlySpan<byte> json)
    {
        while (bytes.Length - end < json.Length) Array.Resize(ref bytes, bytes.Length * 2);
        json.CopyTo(bytes.AsSpan(end));
        end += json.Length;
        return this;
    }

    public HttpRequestBuffer Add(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length);
        return Add(digits[..length]);
    }

    /// <summary>The whole request. The head goes right before the body, once its length is known.</summary>
    public ReadOnlyMemory<byte> Post(string path)
    {
        Span<byte> head = stackalloc byte[HeadMax];
        Utf8.TryWrite(head,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
            $"{end - HeadMax}\r\n\r\n", out var length);
        head[..length].CopyTo(bytes.AsSpan(HeadMax - length));
        return bytes.AsMemory(HeadMax - length, end - HeadMax + length);
    }
}
