namespace Weft.Core.Tasks;

/// <summary>The submitter's payload, byte for byte.</summary>
/// <param name="Bytes">UTF-8.</param>
/// <param name="IsJson">True: valid JSON, passed on unchanged. False: passed on as one JSON string.</param>
public readonly record struct Payload(ReadOnlyMemory<byte> Bytes, bool IsJson)
{
    /// <summary>Its maximum size as JSON.</summary>
    public long WireBytes => IsJson ? Bytes.Length : QuotedBytes(Bytes.Span);

    /// <summary>The maximum size of a text as a JSON string: a control character becomes six bytes.</summary>
    /// <param name="utf8">The text.</param>
    public static long QuotedBytes(ReadOnlySpan<byte> utf8)
    {
        var bytes = utf8.Length + 2L;
        foreach (var one in utf8)
        {
            if (one < ' ') bytes += 5;
            else if (one is (byte)'"' or (byte)'\\' or 0x7F) bytes += 5;
            // A character of two bytes or more becomes six, or twice six.
            else if (one >= 0x80) bytes += 2;
        }

        return bytes;
    }
}
