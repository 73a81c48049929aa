using System.Buffers;
using System.Text;

namespace Weft.Cli.Modules.Engine;

/// <summary>Collects a module's stdout, up to a limit.</summary>
internal sealed class WasiOutput(int bytesMax)
{
    // A larger buffer is released after the task.
    private const int SpaceKept = 1 << 20;

    private ArrayBufferWriter<byte> _space = new();

    /// <summary>Valid until the next write.</summary>
    public ReadOnlySpan<byte> Bytes => _space.WrittenSpan;

    public void Reset()
    {
        if (_space.Capacity > SpaceKept) _space = new();
        else _space.ResetWrittenCount();
    }

    /// <summary>False: over the limit, and none of it was accepted.</summary>
    public bool TryWrite(ReadOnlySpan<byte> piece)
    {
        if (_space.WrittenCount + piece.Length > bytesMax) return false;
        _space.Write(piece);
        return true;
    }
}

/// <summary>
/// Keeps the end of stderr, where the cause of an error usually is. A ring buffer, since programs may write single
/// characters.
/// </summary>
internal sealed class WasiTail
{
    // The same length as on the worker page.
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

    /// <summary>As text without surrounding white space; a character split by the cut is dropped.</summary>
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
