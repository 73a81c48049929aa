using System.Buffers;

namespace Weft.Core.Modules;

/// <summary>
/// Scans a code section as it arrives, for instructions that can make a module's runs differ; it keeps at most one
/// chunk.
/// </summary>
internal sealed class WasmCodeScan
{
    // Longer than any instruction without its list.
    private const int ItemBytesMax = 64;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private Step _step = Step.Functions;
    private uint _functionsLeft, _groupsLeft;
    private long _bodyLeft;
    private WasmList _list;
    private int _before = WasmInstructions.Unknown;
    private bool _makesNan, _showsNan;
    private ModuleVerdict _found;

    private enum Step : byte
    {
        Functions,
        Body,
        Groups,
        Group,
        Code,
        End,
    }

    /// <summary>The findings so far.</summary>
    public ModuleVerdict Verdict => _found | (_makesNan && _showsNan ? ModuleVerdict.Nan : 0);

    /// <summary>Scans the section's next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (IsUnknown) return;
        _bytes.Write(bytes);
        var all = _bytes.WrittenSpan;
        var reader = new WasmReader(all);
        var done = 0;
        while (!IsUnknown && done < all.Length)
        {
            var before = (_step, _list, _bodyLeft);
            Item(ref reader);
            if (reader.IsBroken)
            {
                (_step, _list, _bodyLeft) = before;
                break;
            }
            if (before._step is Step.Groups or Step.Group or Step.Code) _bodyLeft -= reader.Position - done;
            if (_bodyLeft < 0) Stop();
            if (_bodyLeft == 0 && _step == Step.Code) EndBody();
            done = reader.Position;
        }

        if (all.Length - done > ItemBytesMax) Stop();
        Drop(done);
    }

    /// <summary>Call after all bytes.</summary>
    public void Finish()
    {
        if (_step != Step.End || _bytes.WrittenCount > 0) Stop();
    }

    private bool IsUnknown => _found.HasFlag(ModuleVerdict.Unknown);

    private void Stop() => _found |= ModuleVerdict.Unknown;

    private void Drop(int count)
    {
        byte[] rest = [.. _bytes.WrittenSpan[count..]];
        _bytes.ResetWrittenCount();
        if (!IsUnknown) _bytes.Write(rest);
    }

    private void Item(ref WasmReader reader)
    {
        switch (_step)
        {
            case Step.Functions:
                _functionsLeft = reader.Number();
                _step = _functionsLeft == 0 ? Step.End : Step.Body;
                break;
            case Step.Body:
                _bodyLeft = reader.Number();
                _step = Step.Groups;
                break;
            case Step.Groups:
                _groupsLeft = reader.Number();
                _step = _groupsLeft == 0 ? Step.Code : Step.Group;
                break;
            case Step.Group:
                reader.SkipNumbers(1);
                reader.Skip(1);
                if (!reader.IsBroken && --_groupsLeft == 0) _step = Step.Code;
                break;
            case Step.Code:
                Instruction(ref reader);
                break;
            default:
                Stop();
                break;
        }
    }

    private void Instruction(ref WasmReader reader)
    {
        if (_list.Count > 0)
        {
            _list.SkipOne(ref reader);
            _list = _list with { Count = _list.Count - 1 };
            return;
        }

        var opcode = WasmInstructions.Next(ref reader, out _list);
        if (reader.IsBroken) return;
        if (opcode == WasmInstructions.Unknown) Stop();
        _makesNan |= WasmOpcodes.MakesNan(opcode);
        _showsNan |= WasmOpcodes.MadeLanes(opcode) is not null
            || (WasmOpcodes.Shown(opcode) is not null && !WasmOpcodes.IsExact(_before));
        if (WasmOpcodes.IsRelaxed(opcode)) _found |= ModuleVerdict.Relaxed;
        if (WasmOpcodes.IsAtomic(opcode)) _found |= ModuleVerdict.Threads;
        _before = opcode;
    }

    private void EndBody()
    {
        if (_list.Count > 0) Stop();
        _before = WasmInstructions.Unknown;
        _step = --_functionsLeft == 0 ? Step.End : Step.Body;
    }
}
