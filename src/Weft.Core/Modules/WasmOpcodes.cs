using static Weft.Core.Modules.WasmInstructions;

namespace Weft.Core.Modules;

/// <summary>Which instructions produce NaNs, and which expose their bits, as in wasm-fixed.js.</summary>
internal static class WasmOpcodes
{
    public const int MemoryGrow = 0x40;

    private const int VectorFirst = Prefixed * Vector;

    /// <summary>The operand on top of the stack whose bits an instruction exposes; null: none.</summary>
    public static WasmFloat? Shown(int opcode) => opcode switch
    {
        // store, reinterpret, copysign, splat, replace_lane
        0x38 or 0xBC or 0x98 or VectorFirst + 19 or VectorFirst + 32 => WasmFloat.F32,
        0x39 or 0xBD or 0xA6 or VectorFirst + 20 or VectorFirst + 34 => WasmFloat.F64,
        _ => null,
    };

    /// <summary>The lanes of a vector that an instruction may turn into NaNs; null: none.</summary>
    public static WasmFloat? MadeLanes(int opcode) => opcode switch
    {
        // demote, ceil, floor, trunc, nearest, sqrt, add, sub, mul, div, min, max
        VectorFirst + 94 or (>= VectorFirst + 103 and <= VectorFirst + 106)
            or (>= VectorFirst + 227 and <= VectorFirst + 233)
            => WasmFloat.F32X4,
        // promote, ceil, floor, trunc, nearest, …
        VectorFirst + 95 or VectorFirst + 116 or VectorFirst + 117 or VectorFirst + 122 or VectorFirst + 148
            or (>= VectorFirst + 239 and <= VectorFirst + 245) => WasmFloat.F64X2,
        _ => null,
    };

    /// <summary>Whether an instruction may produce a NaN, in one number or in several.</summary>
    public static bool MakesNan(int opcode) =>
        opcode is (>= 0x8D and <= 0x97) or (>= 0x9B and <= 0xA5) or 0xB6 or 0xBB || MadeLanes(opcode) is not null;

    /// <summary>Whether it leaves a number whose bits are exact in any case: loads, constants, integers.</summary>
    public static bool IsExact(int opcode) =>
        opcode is 0x2A or 0x2B or 0x43 or 0x44 or (>= 0xB2 and <= 0xB5) or (>= 0xB7 and <= 0xBA) or 0xBE or 0xBF;

    public static bool IsRelaxed(int opcode) => opcode is >= VectorFirst + 256 and <= VectorFirst + 275;

    public static bool IsAtomic(int opcode) => opcode >= Prefixed * Atomic;
}

internal enum WasmFloat : byte
{
    F32,
    F64,
    F32X4,
    F64X2,
}
