using System.Buffers.Binary;
using System.Text;
using static Weft.Cli.Modules.Engine.WasiErrno;

namespace Weft.Cli.Modules.Engine;

/// <content>What is in a file or a folder.</content>
internal sealed partial class WasiFileTree
{
    private const int EntryBytes = 24;

    /// <summary>Copies bytes of a file from an offset on.</summary>
    /// <returns>How many; negative: an error's number.</returns>
    public static int Read(WasiNode node, ulong offset, Span<byte> target)
    {
        if (node.IsFolder) return -IsFolder;
        if (node.Place is null) return node.Copy(offset, target);
        try
        {
            var file = node.Handle ??= File.OpenHandle(node.Place);
            return offset >= (ulong)Size(node) ? 0 : RandomAccess.Read(file, target, (long)offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return -Failed;
        }
    }

    /// <summary>Writes bytes at an offset, as many as there is room for.</summary>
    /// <returns>How many; negative: an error's number.</returns>
    public int Write(WasiNode node, ulong offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0) return 0;
        var room = _outBytesMax - _written + node.Size;
        if (offset >= (ulong)room) return -NoSpace;
        var count = (int)Math.Min(bytes.Length, room - (long)offset);
        if ((long)offset + count > node.Size)
        {
            var error = Resize(node, (long)offset + count);
            if (error != Success) return -error;
        }

        node.Put((long)offset, bytes[..count]);
        return count;
    }

    /// <summary>Makes a file that is written longer, by zeros, or shorter.</summary>
    public int Resize(WasiNode node, long size)
    {
        if (size < 0) return Invalid;
        if (size - node.Size > _outBytesMax - _written) return NoSpace;
        _written += size - node.Size;
        node.Cut(size);
        return Success;
    }

    public static long Size(WasiNode node)
    {
        if (node.Place is null) return node.Size;
        if (node.Size == 0) node.Size = new FileInfo(node.Place) is { Exists: true } file ? file.Length : 0;
        return node.Size;
    }

    /// <summary>A folder's entries from a cookie on, as <c>fd_readdir</c> gives them: the last may be cut.</summary>
    public static byte[] Entries(WasiNode node, ulong cookie, int bytesMax)
    {
        IEnumerable<KeyValuePair<string, WasiNode>> all =
            [new(".", node), new("..", node.Parent ?? node), .. node.Children];
        using var bytes = new MemoryStream();
        var entry = (Span<byte>)stackalloc byte[EntryBytes];
        foreach (var (name, child) in all.Skip((int)Math.Min(cookie, int.MaxValue)))
        {
            if (bytes.Length >= bytesMax) break;
            var text = Encoding.UTF8.GetBytes(name);
            entry.Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(entry, ++cookie);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], child.Inode);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], text.Length);
            entry[20] = child.Type;
            bytes.Write(entry);
            bytes.Write(text);
        }

        return bytes.Length > bytesMax ? bytes.ToArray()[..bytesMax] : bytes.ToArray();
    }
}
