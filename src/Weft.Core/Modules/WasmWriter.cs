using System.Buffers;

namespace Weft.Core.Modules;

/// <summary>Writes what is within a section of a WebAssembly module.</summary>
internal static class WasmWriter
{
    extension(ArrayBufferWriter<byte> target)
    {
        public void WriteBytes(params ReadOnlySpan<byte> bytes) => target.Write(bytes);

        /// <summary>LEB128: seven bits a byte, the lowest first.</summary>
        public void WriteNumber(uint value)
        {
            for (; value >= 0x80; value >>= 7) target.WriteBytes((byte)(value | 0x80));
            target.WriteBytes((byte)value);
        }

        /// <summary>
        /// A number that isn't negative, where a sign may stand: its highest digit must not look like one.
        /// </summary>
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
