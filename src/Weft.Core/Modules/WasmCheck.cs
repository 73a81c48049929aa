using System.Buffers;

namespace Weft.Core.Modules;

/// <summary>
/// Walks through a WebAssembly core module section by section, so that truncated, padded or foreign data is rejected
/// before anybody runs it, as is a module that no worker can run (<see cref="WasmContents"/>). Section contents are
/// otherwise validated by the engine that compiles the module. Format:
/// https://webassembly.github.io/spec/core/binary/modules.html.
/// </summary>
public sealed class WasmCheck : IModuleCheck
{
    private const int HeaderBytes = 8;
    private const int SizeBytesMax = 5;
    private const int CodeSection = 10;

    // The required order of sections, by their ids; 0 (custom) may come anywhere, any number of times.
    private static readonly int[] Places = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

    private long _position;
    private uint _word;
    private int _section = -1;
    private ulong _size;
    private int _sizeBytes;
    private bool _inSize;
    private int _lastPlace;
    private int _customs;

    private readonly WasmContents _contents = new();
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly WasmCodeScan _code = new();
    private bool _hasCode;

    public ModuleVerdict? Verdict => _contents.Verdict | (_hasCode ? _code.Verdict : 0);

    public string? Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var inContent = _section >= 0 && !_inSize;
            var taken = inContent ? (int)Math.Min((ulong)bytes.Length, _size) : 1;
            if (!inContent
                && (_position < HeaderBytes ? Header(bytes[0])
                    : _inSize ? Size(bytes[0]) : Begin(bytes[0])) is { } fault) return fault;
            if (inContent && Keep(bytes[..taken]) is { } tooLarge) return tooLarge;
            if (inContent) _size -= (ulong)taken;
            if (_section >= 0 && !_inSize && _size == 0 && End() is { } refused) return refused;
            _position += taken;
            bytes = bytes[taken..];
        }

        return null;
    }

    public string? Finish() =>
        _position < HeaderBytes ? NotWasm :
        _section >= 0 ? $"The module ends in the middle of section {_section}: it is truncated." :
        _contents.Finish();

    private const string NotWasm = "This is not a WebAssembly module: it does not begin with \\0asm and version 1.";

    private string? Header(byte next)
    {
        _word = (_word >> 8) | ((uint)next << 24);
        if (_position == 3 && _word != 0x6D736100) return NotWasm;
        if (_position != 7 || _word == 1) return null;
        // Version 0x0d, layer 1: https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md.
        return _word == 0x0001_000D
            ? "This is a WebAssembly component; build a core module for WASI preview 1 (wasm32-wasip1) instead."
            : $"This is WebAssembly of version {_word}; only version 1 is known.";
    }

    private string? Begin(byte id)
    {
        if (id >= Places.Length) return $"At byte {_position} section {id} begins, which WebAssembly does not have.";
        if (id != 0 && Places[id] <= _lastPlace)
            return $"At byte {_position} section {id} begins, which is a duplicate or out of order.";
        if (id == 0 && ++_customs > Limits.ModuleCustomSectionsMax)
            return $"The module has more than {Limits.ModuleCustomSectionsMax} custom sections; strip it.";
        if (id != 0) _lastPlace = Places[id];
        (_section, _size, _sizeBytes, _inSize) = (id, 0, 0, true);
        return null;
    }

    private string? Keep(ReadOnlySpan<byte> bytes)
    {
        if (_section == CodeSection)
        {
            _code.Feed(bytes);
            _hasCode = true;
        }
        if (!WasmContents.Wants(_section)) return null;
        if (_content.WrittenCount + bytes.Length > Limits.ModuleSectionBytesMax)
            return $"Section {_section} of the module is over {Limits.ModuleSectionBytesMax} bytes.";
        _content.Write(bytes);
        return null;
    }

    private string? End()
    {
        var fault = WasmContents.Wants(_section) ? _contents.Read(_section, _content.WrittenSpan) : null;
        _content.ResetWrittenCount();
        if (_section == CodeSection) _code.Finish();
        _section = -1;
        return fault;
    }

    // LEB128: seven bits per byte, lowest first.
    private string? Size(byte next)
    {
        _size |= (ulong)(next & 0x7F) << (7 * _sizeBytes++);
        _inSize = (next & 0x80) != 0;
        return _size > uint.MaxValue || (_inSize && _sizeBytes == SizeBytesMax)
            ? $"At byte {_position} the size of section {_section} is not a 32-bit number." : null;
    }
}
