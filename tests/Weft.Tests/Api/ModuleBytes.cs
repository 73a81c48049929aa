using System.Security.Cryptography;
using System.Text;

namespace Weft.Tests.Api;

/// <summary>Modules for the tests: small, valid, and each its own.</summary>
internal static class ModuleBytes
{
    private static readonly byte[] Header = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    /// <summary>A module with nothing in it but a custom section: any text makes another module.</summary>
    public static byte[] Wasm(string text) => Wasm(Encoding.UTF8.GetBytes(text));

    public static byte[] Wasm(byte[] content) => [.. Header, 0, .. Leb128(content.Length + 2), 1, (byte)'t', .. content];

    public static string Hash(byte[] module) => Convert.ToHexStringLower(SHA256.HashData(module));

    private static IEnumerable<byte> Leb128(int value)
    {
        for (; value > 0x7F; value >>= 7) yield return (byte)(value & 0x7F | 0x80);
        yield return (byte)value;
    }
}
