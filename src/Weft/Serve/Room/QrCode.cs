using System.Text;

namespace Weft.Serve.Room;

/// <summary>
/// A QR code (ISO/IEC 18004) of a text, as bytes, at the lowest level of correction: a screen has no dirt, and a
/// smaller code has larger modules.
/// </summary>
internal static class QrCode
{
    private const int VersionMax = 10;
    private const int ByteMode = 0b0100;
    private const int ModeBits = 4;
    private const byte PadFirst = 0xEC;
    private const byte PadSecond = 0x11;

    // Of the versions 1 to 10, at level L: all codewords, those that correct in each block, and the blocks.
    private static readonly int[] Codewords = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346];
    private static readonly int[] Correcting = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18];
    private static readonly int[] Blocks = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4];

    /// <summary>The code, by row and column; true is dark.</summary>
    /// <exception cref="ArgumentException">The text is too long: more than 271 bytes.</exception>
    public static bool[,] Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var version = 1; version <= VersionMax; version++)
        {
            if (bytes.Length <= Room(version)) return Draw(version, Interleaved(version, Data(version, bytes)));
        }

        throw new ArgumentException($"A code takes {Room(VersionMax)} bytes, and this text has {bytes.Length}.");
    }

    private static int CountBits(int version) => version < 10 ? 8 : 16;

    private static int DataCodewords(int version) =>
        Codewords[version - 1] - (Correcting[version - 1] * Blocks[version - 1]);

    private static int Room(int version) => ((DataCodewords(version) * 8) - ModeBits - CountBits(version)) / 8;

    private static byte[] Data(int version, byte[] bytes)
    {
        var data = new byte[DataCodewords(version)];
        var at = 0;
        void Put(int value, int bits)
        {
            for (var bit = bits - 1; bit >= 0; bit--, at++)
                data[at / 8] |= (byte)(((value >> bit) & 1) << (7 - (at % 8)));
        }

        Put(ByteMode, ModeBits);
        Put(bytes.Length, CountBits(version));
        foreach (var octet in bytes) Put(octet, 8);
        // The terminator is zeros, as far as there is room for it, up to a whole codeword.
        for (var i = (at + ModeBits + 7) / 8; i < data.Length; i++)
            data[i] = (i - ((at + ModeBits + 7) / 8)) % 2 == 0 ? PadFirst : PadSecond;
        return data;
    }

    /// <summary>The codewords of all blocks in turn, and after them what corrects them.</summary>
    private static byte[] Interleaved(int version, byte[] data)
    {
        var (blocks, correcting) = (Blocks[version - 1], Correcting[version - 1]);
        var shortLength = data.Length / blocks;
        var shortBlocks = blocks - (data.Length % blocks);
        var parts = new List<byte[]>();
        for (int i = 0, at = 0; i < blocks; i++)
        {
            var length = shortLength + (i < shortBlocks ? 0 : 1);
            parts.Add(data[at..(at + length)]);
            at += length;
        }

        var corrections = parts.ConvertAll(part => ReedSolomon.Remainder(part, correcting));
        IEnumerable<byte> InTurn(List<byte[]> all, int length) => Enumerable.Range(0, length)
            .SelectMany(i => all.Where(part => i < part.Length).Select(part => part[i]));
        return [.. InTurn(parts, shortLength + 1), .. InTurn(corrections, correcting)];
    }

    // Whichever of the masks makes the picture the least like a code's own marks.
    private static bool[,] Draw(int version, byte[] codewords)
    {
        var pictures = Enumerable.Range(0, QrPicture.Masks).Select(mask => QrPicture.Draw(version, codewords, mask));
        return pictures.MinBy(QrPicture.Penalty)!;
    }
}
