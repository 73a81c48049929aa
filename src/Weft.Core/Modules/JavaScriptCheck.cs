using System.Text;

namespace Weft.Core.Modules;

/// <summary>Whether bytes can be a JavaScript module: text in UTF-8. Whether it is a program, the browser finds out.</summary>
public sealed class JavaScriptCheck : IModuleCheck
{
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
    private readonly char[] _chars = new char[4_096];
    private bool _empty = true;

    public string? Feed(ReadOnlySpan<byte> bytes)
    {
        _empty &= bytes.IsEmpty;
        // What begins like WebAssembly must never be stored as a program text.
        if (bytes.Contains((byte)0)) return "A JavaScript module can't have NUL bytes.";
        return Decode(bytes, flush: false);
    }

    public string? Finish() => _empty ? "The module is empty." : Decode([], flush: true);

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
            return "A JavaScript module must be UTF-8.";
        }
    }
}
