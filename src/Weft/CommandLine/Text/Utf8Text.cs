using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Weft.CommandLine.Text;

/// <summary>
/// The one way to read text, whatever the locale: UTF-8, with or without a byte order mark, and rejected if it isn't
/// valid.
/// </summary>
internal static class Utf8Text
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="what">The name of the input, at the beginning of a sentence.</param>
    /// <exception cref="CommandFailure">The text is not UTF-8.</exception>
    public static string Read(ReadOnlySpan<byte> bytes, string what) => Decode(WithoutMark(bytes), what);

    /// <summary>The same for a part of a text, in which a byte order mark has no meaning.</summary>
    /// <inheritdoc cref="Read"/>
    public static string Decode(ReadOnlySpan<byte> bytes, string what)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new CommandFailure(
                string.Create(CultureInfo.InvariantCulture,
                $"{what} is not UTF-8 text: invalid byte at position {FirstInvalid(bytes) + 1}."));
        }
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <inheritdoc cref="Read"/>
    public static async Task<string> ReadAsync(Stream stream, string what, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, stop);
        return Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), what);
    }

    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var place = 0;
        while (Rune.DecodeFromUtf8(bytes[place..], out _, out var length) == OperationStatus.Done) place += length;
        return place;
    }
}
