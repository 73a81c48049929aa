using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Core.Access;

/// <summary>
/// A token's text: <c>weft_</c> and 256 random bits in base64url. Only its SHA-256 is stored: with that many
/// random bits a slow hash would add no protection, and every request would pay for it.
/// </summary>
public static class TokenText
{
    /// <summary>Lets people and secret scanners recognize a token.</summary>
    public const string Prefix = "weft_";

    public const int HashBytes = SHA256.HashSizeInBytes;

    private const int SecretBytes = 32;

    /// <summary>The length of a token.</summary>
    public static readonly int Length = Prefix.Length + Base64Url.GetEncodedLength(SecretBytes);

    public static string Create()
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        RandomNumberGenerator.Fill(secret);
        return Prefix + Base64Url.EncodeToString(secret);
    }

    /// <summary>Hashes the token that a client sent.</summary>
    /// <param name="hash">At least <see cref="HashBytes"/> long.</param>
    /// <returns>False: the text doesn't have the form of a token.</returns>
    public static bool TryHash(ReadOnlySpan<char> text, Span<byte> hash)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        Span<byte> bytes = stackalloc byte[text.Length];
        return Ascii.FromUtf16(text, bytes, out _) == OperationStatus.Done && SHA256.TryHashData(bytes, hash, out _);
    }

    /// <summary>The hash of a token that <see cref="Create"/> made.</summary>
    public static byte[] Hash(string text)
    {
        var hash = new byte[HashBytes];
        if (!TryHash(text, hash)) throw new ArgumentException("This is not the text of a token.", nameof(text));
        return hash;
    }
}
