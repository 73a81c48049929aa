using Microsoft.Win32.SafeHandles;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// A file or folder that a module sees: its bytes are on the disk, or in memory if the module wrote it.
/// </summary>
internal sealed class WasiNode
{
    // Small, since a file's last one may be nearly empty, and there are many files.
    public const int PieceBytes = 64 << 10;

    private readonly List<byte[]?> _pieces = [];

    public bool IsFolder { get; init; }

    public bool IsWritable { get; init; }

    /// <summary>Where it is on this machine; null: it is a folder, or in memory.</summary>
    public string? Place { get; init; }

    public string Name { get; set; } = "";

    public ulong Inode { get; set; }

    public WasiNode? Parent { get; set; }

    /// <summary>In the order in which they came.</summary>
    public OrderedDictionary<string, WasiNode> Children { get; } = new(StringComparer.Ordinal);

    public SafeFileHandle? Handle { get; set; }

    public long Size { get; set; }

    /// <summary>Of what the module has made: when it did, in nanoseconds, or what it has set.</summary>
    public ulong Accessed { get; set; }

    public ulong Modified { get; set; }

    /// <summary>How many descriptors lead to it.</summary>
    public int Opens { get; set; }

    /// <summary>Whether no path leads to it any more.</summary>
    public bool IsDetached { get; set; }

    /// <summary>As WASI numbers them: a directory, or a regular file.</summary>
    public byte Type => IsFolder ? (byte)3 : (byte)4;

    /// <summary>Copies bytes that were written. What was left out is zeros.</summary>
    public int Copy(ulong offset, Span<byte> target)
    {
        if (offset >= (ulong)Size) return 0;
        var count = (int)Math.Min(target.Length, Size - (long)offset);
        for (var done = 0; done < count;)
        {
            var (place, start) = Math.DivRem((long)offset + done, PieceBytes);
            var length = (int)Math.Min(count - done, PieceBytes - start);
            var part = target.Slice(done, length);
            if (_pieces[(int)place] is { } piece) piece.AsSpan((int)start, length).CopyTo(part);
            else part.Clear();
            done += length;
        }

        return count;
    }

    /// <summary>Puts bytes where the file has room for them.</summary>
    public void Put(long offset, ReadOnlySpan<byte> bytes)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var (place, start) = Math.DivRem(offset + done, PieceBytes);
            var length = (int)Math.Min(bytes.Length - done, PieceBytes - start);
            var piece = _pieces[(int)place] ??= new byte[PieceBytes];
            bytes.Slice(done, length).CopyTo(piece.AsSpan((int)start));
            done += length;
        }
    }

    /// <summary>Makes it longer, by zeros, or shorter.</summary>
    public void Cut(long size)
    {
        var count = (int)((size + PieceBytes - 1) / PieceBytes);
        while (_pieces.Count < count) _pieces.Add(null);
        _pieces.RemoveRange(count, _pieces.Count - count);
        // What is cut off must not be there when the file grows again.
        if (size < Size && size % PieceBytes is > 0 and var kept && _pieces[^1] is { } last)
        {
            last.AsSpan((int)kept).Clear();
        }

        Size = size;
    }
}
