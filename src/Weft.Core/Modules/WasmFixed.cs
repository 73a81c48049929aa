using System.Buffers;

namespace Weft.Core.Modules;

/// <summary>
/// Rewrites a module's code for <c>fixed</c>, byte for byte like the worker page (wasm-fixed.js, which explains why): a
/// NaN becomes the canonical one wherever its bits can be seen, and if the system refuses memory within the task's
/// limit, the module traps.
/// </summary>
internal static class WasmFixed
{
    private const int CodeBytesMax = 128 << 20;

    /// <summary>The content of a code section whose runs are the same everywhere.</summary>
    /// <param name="code">The section's content.</param>
    /// <param name="parametersOf">The number of parameters of a function, by its index among those with code.</param>
    /// <param name="pagesMax">The memory's maximum size in pages.</param>
    /// <exception cref="ModuleRefusedException">Its runs can't be made the same.</exception>
    public static byte[] Rewrite(ReadOnlySpan<byte> code, Func<int, int> parametersOf, uint pagesMax)
    {
        var reader = new WasmReader(code);
        var count = reader.Number();
        var made = new ArrayBufferWriter<byte>(code.Length + (code.Length / 8) + 64);
        made.WriteNumber(count);
        for (var i = 0; i < count; i++)
        {
            var length = (int)Math.Min(reader.Number(), int.MaxValue);
            var start = reader.Position;
            reader.Skip(length);
            if (reader.IsBroken) throw new ModuleRefusedException("The module is truncated.");
            var body = code.Slice(start, length);
            var rewritten = new WasmFixedFunction(body, parametersOf(i), pagesMax).Rewrite();
            made.WriteNumber((uint)rewritten.Length);
            made.Write(rewritten);
            if (made.WrittenCount > CodeBytesMax) throw new ModuleRefusedException(TooLarge);
        }

        return made.WrittenSpan.ToArray();
    }

    private const string TooLarge = "The module’s code is too large for fixed runs: run it without \"fixed\".";
}

/// <summary>A function's code, unchanged except for inserted instructions.</summary>
internal ref struct WasmFixedFunction(ReadOnlySpan<byte> body, int parameters, uint pagesMax)
{
    private const byte I32 = 0x7F;

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly ArrayBufferWriter<byte> _made = new(body.Length + 64);
    private readonly List<byte> _added = [];
    private readonly uint[] _temporaries = new uint[5];
    private long _locals = parameters;
    private int _copied;

    public ReadOnlySpan<byte> Rewrite()
    {
        var reader = new WasmReader(_body);
        var groups = reader.Number();
        var groupsAt = reader.Position;
        for (uint i = 0; i < groups && !reader.IsBroken; i++)
        {
            _locals += reader.Number();
            reader.Skip(1);
        }

        var codeAt = _copied = reader.Position;
        for (var before = WasmInstructions.Unknown; reader.Position < _body.Length && !reader.IsBroken;)
        {
            before = Instruction(ref reader, before);
        }
        if (reader.IsBroken) throw new ModuleRefusedException("The module is truncated.");
        if (_made.WrittenCount == 0) return _body;

        Copy(_body.Length);
        var whole = new ArrayBufferWriter<byte>(_made.WrittenCount + codeAt + 64);
        whole.WriteNumber(groups + (uint)_added.Count);
        whole.Write(_body[groupsAt..codeAt]);
        foreach (var type in _added) whole.WriteBytes(1, type);
        whole.Write(_made.WrittenSpan);
        return whole.WrittenSpan;
    }

    private int Instruction(ref WasmReader reader, int before)
    {
        var at = reader.Position;
        var opcode = WasmInstructions.Next(ref reader, out var rest);
        for (var left = rest.Count; left > 0 && !reader.IsBroken; left--) rest.SkipOne(ref reader);
        if (reader.IsBroken) return opcode;
        if (opcode == WasmInstructions.Unknown) throw new ModuleRefusedException(Unreadable);
        if (WasmOpcodes.IsRelaxed(opcode)) throw new ModuleRefusedException(Relaxed);
        if (WasmOpcodes.Shown(opcode) is { } shown && !WasmOpcodes.IsExact(before)) Canonical(at, shown);
        else if (WasmOpcodes.MadeLanes(opcode) is { } lanes) Canonical(reader.Position, lanes);
        else if (opcode == WasmOpcodes.MemoryGrow) Growing(at, reader.Position);
        return opcode;
    }

    // The value on top of the stack is a NaN if it doesn't equal itself.
    private void Canonical(int at, WasmFloat what)
    {
        Copy(at);
        var canonical = WasmCanonical.Of(what);
        var local = Temporary(canonical.Place, canonical.Type);
        _made.WriteBytes(0x22);
        _made.WriteNumber(local);
        _made.Write(canonical.Nan);
        for (var i = 0; i < 2; i++)
        {
            _made.WriteBytes(0x20);
            _made.WriteNumber(local);
        }
        _made.Write(canonical.Equal);
        _made.Write(canonical.Select);
    }

    // Replaced by an instruction that traps if the memory could not grow within its limit.
    private void Growing(int at, int end)
    {
        Copy(at);
        var pages = Temporary(3, I32);
        var previous = Temporary(4, I32);
        _made.WriteBytes(0x22);
        _made.WriteNumber(pages);
        Copy(end);
        _made.WriteBytes(0x22);
        _made.WriteNumber(previous);
        _made.WriteBytes(0x41, 0x7F, 0x46, 0x04, 0x40, 0x20);
        _made.WriteNumber(pages);
        _made.WriteBytes(0x41);
        _made.WriteSigned(pagesMax);
        _made.WriteBytes(0x3F, 0, 0x6B, 0x4D, 0x04, 0x40, 0x00, 0x0B, 0x0B, 0x20);
        _made.WriteNumber(previous);
    }

    private void Copy(int end)
    {
        _made.Write(_body[_copied..end]);
        _copied = end;
    }

    private uint Temporary(int place, byte type)
    {
        if (_temporaries[place] == 0)
        {
            // One more than its index: 0 is none.
            _temporaries[place] = (uint)Math.Min(_locals + _added.Count, uint.MaxValue - 1) + 1;
            _added.Add(type);
        }
        return _temporaries[place] - 1;
    }

    private const string Unreadable = "The module has an instruction that this worker doesn’t know, so its runs " +
        "can’t be made the same: run it without \"fixed\".";

    private const string Relaxed = "The module uses relaxed SIMD, whose results differ between processors: build it " +
        "without, or run it without \"fixed\".";
}

/// <summary>How to make a value canonical.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Place">The index of its temporary: values of one type share it.</param>
/// <param name="Nan">The instruction that pushes the canonical NaN.</param>
/// <param name="Equal">The comparison.</param>
/// <param name="Select">The choice between the two.</param>
internal sealed record WasmCanonical(byte Type, int Place, byte[] Nan, byte[] Equal, byte[] Select)
{
    private static readonly byte[] Nan32 = [0, 0, 0xC0, 0x7F], Nan64 = [0, 0, 0, 0, 0, 0, 0xF8, 0x7F];
    private static readonly byte[] SelectLanes = [0xFD, 82];

    private static readonly WasmCanonical[] All =
    [
        new(0x7D, 0, [0x43, .. Nan32], [0x5B], [0x1B]),
        new(0x7C, 1, [0x44, .. Nan64], [0x61], [0x1B]),
        new(0x7B, 2, [0xFD, 12, .. Nan32, .. Nan32, .. Nan32, .. Nan32], [0xFD, 65], SelectLanes),
        new(0x7B, 2, [0xFD, 12, .. Nan64, .. Nan64], [0xFD, 71], SelectLanes),
    ];

    public static WasmCanonical Of(WasmFloat what) => All[(int)what];
}
