using Microsoft.Win32.SafeHandles;

namespace Weft.Cli.Modules.Engine;

/// <summary>A file or folder of a module: its bytes are on disk, or in memory if the module wrote it.</summary>
internal sealed class WasiNode
{
    // Small, since a file's last block may be nearly empty, and there may be many files.
    public const int PieceBytes = 64 << 10;

    private readonly List<byte[]?> _pieces = [];

    public bool IsFolder { get; init; }

    public bool IsWritable { get; init; }

    /// <summary>The local file; null: a folder, or in memory.</summary>
    public string? Place { get; init; }

    public string Name { get; set; } = "";

    public ulong Inode { get; set; }

    public WasiNode? Parent { get; set; }

    /// <summary>In order of creation.</summary>
    public OrderedDictionary<string, WasiNode> Children { get; } = new(StringComparer.Ordinal);

    public SafeFileHandle? Handle { get; set; }

    public long Size { get; set; }

    /// <summary>
    /// For a node that the module created: its time of creation in nanoseconds, or the time that the module set.
    /// </summary>
    public ulong Accessed { get; set; }

    public ulong Modified { get; set; }

    /// <summary>The number of descriptors that refer to it.</summary>
    public int Opens { get; set; }

    /// <summary>Whether it was removed from its folder.</summary>
    public bool IsDetached { get; set; }

    /// <summary>WASI's number: a directory or a regular file.</summary>
    public byte Type => IsFolder ? (byte)3 : (byte)4;

    /// <summary>Copies written bytes. Skipped ranges are zeros.</summary>
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

    /// <summary>Writes bytes into the allocated blocks.</summary>
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

    /// <summary>Truncates the file, or extends it with zeros.</summary>
    public void Cut(long size)
    {
        var count = (int)((size + PieceBytes - 1) / PieceBytes);
        while (_pieces.Count < count) _pieces.Add(null);
        _pieces.RemoveRange(count, _pieces.Count - count);
        // Truncated bytes must not reappear when the file grows again.
        if (size < Size && size % PieceBytes is > 0 and var kept && _pieces[^1] is { } last)
        {
            last.AsSpan((int)kept).Clear();
        }

        Size = size;
    }
}
