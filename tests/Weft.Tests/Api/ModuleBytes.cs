using System.Security.Cryptography;
using System.Text;
using Weft.Testing;

namespace Weft.Tests.Api;

/// <summary>Modules for the tests: small, valid, and each its own.</summary>
internal static class ModuleBytes
{
    /// <summary>A command that does nothing, with a custom section: any text makes another module.</summary>
    public static byte[] Wasm(string text) => Wasm(Encoding.UTF8.GetBytes(text));

    public static byte[] Wasm(byte[] content) =>
        [.. WasmCommand.Bytes, 0, .. Leb128(content.Length + 2), 1, (byte)'t', .. content];

    public static string Hash(byte[] module) => Convert.ToHexStringLower(SHA256.HashData(module));

    private static IEnumerable<byte> Leb128(int value)
    {
        for (; value > 0x7F; value >>= 7) yield return (byte)(value & 0x7F | 0x80);
        yield return (byte)value;
    }
}
