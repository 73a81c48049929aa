namespace Weft.Core.Modules;

/// <summary>
/// The length of each instruction: its opcode's immediates, for WebAssembly 3.0 with threads and both encodings of
/// exceptions. The worker page has the same table (wasm-instructions.js). Opcodes:
/// https://webassembly.github.io/spec/core/binary/instructions.html.
/// </summary>
internal static class WasmInstructions
{
    /// <summary>The return value of <see cref="Next"/> for an instruction whose length isn't known.</summary>
    public const int Unknown = -1;

    public const int Saturating = 0xFC, Vector = 0xFD, Atomic = 0xFE;

    /// <summary>The opcodes after a prefix: this times the prefix, plus the number that follows it.</summary>
    public const int Prefixed = 0x1_0000;

    private const int HasMemoryIndex = 0x40;

    /// <summary>Skips an instruction and returns its opcode.</summary>
    /// <param name="reader">At the instruction.</param>
    /// <param name="rest">The list that follows it, which may be long.</param>
    public static int Next(ref WasmReader reader, out WasmList rest)
    {
        rest = default;
        int opcode = reader.Byte();
        switch (opcode)
        {
            case >= 0x45 and <= 0xC4:
            case 0x00 or 0x01 or 0x05 or 0x0A or 0x0B or 0x0F or 0x19 or 0x1A or 0x1B or 0xD1 or 0xD3 or 0xD4:
                return opcode;
            case >= 0x28 and <= 0x3E:
                SkipMemory(ref reader);
                return opcode;
            case (>= 0x02 and <= 0x04) or (>= 0x06 and <= 0x09) or 0x0C or 0x0D or 0x10 or 0x12 or 0x14 or 0x15 or 0x18:
            case (>= 0x20 and <= 0x26) or (>= 0x3F and <= 0x42) or 0xD0 or 0xD2 or 0xD5 or 0xD6:
                reader.SkipNumbers(1);
                return opcode;
            case 0x11 or 0x13:
                reader.SkipNumbers(2);
                return opcode;
            case 0x0E:
                rest = new((long)reader.Number() + 1, IsOfCatches: false);
                return opcode;
            case 0x1C:
                rest = new(reader.Number(), IsOfCatches: false);
                return opcode;
            case 0x1F:
                reader.SkipNumbers(1);
                rest = new(reader.Number(), IsOfCatches: true);
                return opcode;
            case 0x43:
                reader.Skip(4);
                return opcode;
            case 0x44:
                reader.Skip(8);
                return opcode;
            case Saturating or Vector or Atomic:
                return Behind(opcode, ref reader);
            default:
                return Unknown;
        }
    }

    private static int Behind(int prefix, ref WasmReader reader)
    {
        var opcode = (int)Math.Min(reader.Number(), Prefixed - 1);
        var isKnown = prefix switch
        {
            Saturating => SkipSaturating(opcode, ref reader),
            Vector => SkipVector(opcode, ref reader),
            _ => SkipAtomic(opcode, ref reader),
        };
        return isKnown ? (Prefixed * prefix) + opcode : Unknown;
    }

    private static bool SkipSaturating(int opcode, ref WasmReader reader)
    {
        if (opcode is 8 or 10 or 12 or 14) reader.SkipNumbers(2);
        else if (opcode is >= 9 and <= 17) reader.SkipNumbers(1);
        return opcode is <= 17 or (>= 19 and <= 22);
    }

    private static bool SkipVector(int opcode, ref WasmReader reader)
    {
        if (opcode is <= 11 or (>= 84 and <= 93)) SkipMemory(ref reader);
        if (opcode is 12 or 13) reader.Skip(16);
        if (opcode is (>= 21 and <= 34) or (>= 84 and <= 91)) reader.Skip(1);
        return opcode <= 275;
    }

    private static bool SkipAtomic(int opcode, ref WasmReader reader)
    {
        if (opcode == 3) reader.Skip(1);
        else SkipMemory(ref reader);
        return opcode is <= 3 or (>= 0x10 and <= 0x4E);
    }

    private static void SkipMemory(ref WasmReader reader) =>
        reader.SkipNumbers((reader.Number() & HasMemoryIndex) != 0 ? 2 : 1);
}

/// <summary>The list that follows an instruction: labels and types, or the handlers of a block.</summary>
internal readonly record struct WasmList(long Count, bool IsOfCatches)
{
    /// <summary>Skips one item.</summary>
    public void SkipOne(ref WasmReader reader) => reader.SkipNumbers(IsOfCatches && reader.Byte() < 2 ? 2 : 1);
}
