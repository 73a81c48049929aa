using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// Whether bytes can be a script: UTF-8 text. Whether it is a valid program is for its worker to find out.
/// </summary>
/// <param name="language">For messages.</param>
/// <param name="bytesMax">Anything longer is refused.</param>
public sealed class ScriptCheck(string language, long bytesMax) : IModuleCheck
{
    private readonly Decoder _decoder =
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
    private readonly char[] _chars = new char[4_096];
    private long _bytes;

    public string? Feed(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        if (_bytes > bytesMax) return $"A {language} module may have at most {bytesMax >> 20} MiB.";
        // WebAssembly must never be stored as script text.
        if (bytes.Contains((byte)0)) return $"A {language} module can't have NUL bytes.";
        return Decode(bytes, flush: false);
    }

    public string? Finish() => _bytes == 0 ? "The module is empty." : Decode([], flush: true);

    private string? Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        try
        {
            bool completed;
            do
            {
                _decoder.Convert(bytes, _chars, flush, out var used, out _, out completed);
                bytes = bytes[used..];
            }
            while (!completed);
            return null;
        }
        catch (DecoderFallbackException)
        {
            return $"A {language} module must be UTF-8.";
        }
    }
}
