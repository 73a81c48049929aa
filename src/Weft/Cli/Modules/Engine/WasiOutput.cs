using System.Buffers;
using System.Text;

namespace Weft.Cli.Modules.Engine;

/// <summary>All that a module writes to its stdout, up to a limit.</summary>
internal sealed class WasiOutput(int bytesMax)
{
    // More than this is given back after a task that wrote a lot.
    private const int SpaceKept = 1 << 20;

    private ArrayBufferWriter<byte> _space = new();

    /// <summary>Valid until the next write.</summary>
    public ReadOnlySpan<byte> Bytes => _space.WrittenSpan;

    public void Reset()
    {
        if (_space.Capacity > SpaceKept) _space = new();
        else _space.ResetWrittenCount();
    }

    /// <summary>False: it is too much, and nothing of it was taken.</summary>
    public bool TryWrite(ReadOnlySpan<byte> piece)
    {
        if (_space.WrittenCount + piece.Length > bytesMax) return false;
        _space.Write(piece);
        return true;
    }
}

/// <summary>
/// The end of stderr: that is where the reason stands. A ring, since programs write it letter by letter.
/// </summary>
internal sealed class WasiTail
{
    // As the worker page keeps of it.
    private const int BytesMax = 4_000;

    private readonly byte[] _ring = new byte[BytesMax];
    private long _written;

    public void Reset() => _written = 0;

    public void Write(ReadOnlySpan<byte> piece)
    {
        var kept = piece.Length > BytesMax ? piece[^BytesMax..] : piece;
        var at = (int)((_written + piece.Length - kept.Length) % BytesMax);
        var first = Math.Min(kept.Length, BytesMax - at);
        kept[..first].CopyTo(_ring.AsSpan(at));
        kept[first..].CopyTo(_ring);
        _written += piece.Length;
    }

    /// <summary>As text, without white space around it; what the cut left of a character is dropped.</summary>
    public string Text
    {
        get
        {
            if (_written <= BytesMax) return Encoding.UTF8.GetString(_ring, 0, (int)_written).Trim();
            var at = (int)(_written % BytesMax);
            byte[] kept = [.. _ring[at..], .. _ring[..at]];
            return Encoding.UTF8.GetString(kept).TrimStart('\uFFFD').Trim();
        }
    }
}
