using System.Buffers;

namespace Weft.Core.Modules;

/// <summary>Writes the content of a section of a WebAssembly module.</summary>
internal static class WasmWriter
{
    extension(ArrayBufferWriter<byte> target)
    {
        public void WriteBytes(params ReadOnlySpan<byte> bytes) => target.Write(bytes);

        /// <summary>LEB128: seven bits per byte, lowest first.</summary>
        public void WriteNumber(uint value)
        {
            for (; value >= 0x80; value >>= 7) target.WriteBytes((byte)(value | 0x80));
            target.WriteBytes((byte)value);
        }

        /// <summary>A non-negative number in a signed position: its highest digit must not look like a sign.</summary>
        public void WriteSigned(uint value)
        {
            for (; value >= 0x40; value >>= 7) target.WriteBytes((byte)(value | 0x80));
            target.WriteBytes((byte)value);
        }

        /// <summary>A section with this content.</summary>
        public void WriteSection(byte id, ReadOnlySpan<byte> content)
        {
            target.WriteBytes(id);
            target.WriteNumber((uint)content.Length);
            target.Write(content);
        }
    }
}
