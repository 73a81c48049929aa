namespace Weft.Core.Modules;

/// <summary>Whether bytes begin like a zip archive. The worker checks the contents: nothing is unpacked here.</summary>
/// <param name="what">What the archive is, for the message.</param>
/// <param name="bytesMax">The longest archive that is accepted.</param>
public sealed class ZipCheck(string what, long bytesMax) : IModuleCheck
{
    // The header of the first file: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7.
    private static ReadOnlySpan<byte> Signature => "PK\x03\x04"u8;

    private long _bytes;

    public string? Feed(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && _bytes + i < Signature.Length; i++)
        {
            if (bytes[i] != Signature[(int)_bytes + i]) return NoZip;
        }
        _bytes += bytes.Length;
        return _bytes > bytesMax ? $"A {what} may have at most {bytesMax >> 20} MiB." : null;
    }

    public string? Finish() => _bytes < Signature.Length ? NoZip : null;

    private const string NoZip = "The module is not a zip archive, or has no files.";
}
