using static Weft.Cli.Modules.Engine.WasiErrno;

namespace Weft.Cli.Modules.Engine;

/// <content>Files, as in wasi.js.</content>
internal sealed partial class Wasi
{
    private const uint OpenMax = 1_024;
    private const uint Append = 1, FlagsAll = 31;
    private const uint SetAccessed = 1, AccessedNow = 2, SetModified = 4, ModifiedNow = 8;
    private const ulong RightsAll = (1UL << 30) - 1;

    // All rights except those to read and write.
    private const ulong RightsOfFiles = 0x8e001bd;

    // All rights except those to seek, write, and set sizes.
    private const ulong RightsOfFolders = RightsAll & ~((1UL << 2) | RightWrite | (1UL << 19) | (1UL << 22));

    private WasiFileTree? _files;

    private WasiOpenFile? FileOf(uint descriptor) => StreamOf(descriptor) as WasiOpenFile;

    /// <summary>The open folder of a descriptor, from which a path starts; or the error.</summary>
    private int FolderOf(uint descriptor, out WasiNode folder)
    {
        AskedForFiles = true;
        folder = FileOf(descriptor)?.Node!;
        return folder is null ? BadDescriptor : folder.IsFolder ? Success : NoFolder;
    }

    private ReadOnlySpan<byte> PathAt(uint address, uint length) => Memory.Bytes(address, length);

    private int OpenPath(WasiArguments given)
    {
        var error = FolderOf(given[0], out var folder);
        if (error != Success) return error;
        var rights = given.Long(5);
        var writes = (rights & RightWrite) != 0;
        error = _files!.Open(folder, PathAt(given[2], given[3]), given[4], writes, out var node);
        if (error != Success) return error;
        var free = 3;
        while (free < _streams.Count && _streams[free] is not null) free++;
        if (free >= OpenMax) return TooManyOpen;
        if (free == _streams.Count) _streams.Add(null);
        node.Opens++;
        _streams[free] = new WasiOpenFile(node)
        {
            // All rights, whatever was requested, except that they distinguish readers from writers.
            Rights = node.IsFolder ? RightsOfFolders
                : RightsOfFiles | (rights & (RightRead | RightWrite)),
            Writes = writes && !node.IsFolder,
            Flags = given[7] & FlagsAll,
        };
        Memory.Put(given[8], (uint)free);
        return Success;
    }

    private int ReadFile(WasiOpenFile? file, uint vectors, uint count, ulong? offset, uint target)
    {
        if (file is null) return BadDescriptor;
        if ((file.Rights & RightRead) == 0 && !file.Node.IsFolder) return BadDescriptor;
        var start = offset ?? file.Offset;
        var read = 0u;
        for (uint i = 0; i < count; i++)
        {
            var space = Vector(vectors, i);
            var copied = WasiFileTree.Read(file.Node, start + read, space);
            if (copied < 0) return -copied;
            read += (uint)copied;
            if (copied < space.Length) break;
        }

        if (offset is null) file.Offset += read;
        Memory.Put(target, read);
        return Success;
    }

    private int WriteFile(WasiOpenFile? file, uint vectors, uint count, ulong? offset, uint target)
    {
        if (file is not { Writes: true }) return BadDescriptor;
        var start = offset ?? ((file.Flags & Append) != 0 ? (ulong)file.Node.Size : file.Offset);
        var written = 0u;
        for (uint i = 0; i < count; i++)
        {
            var piece = Vector(vectors, i);
            var taken = _files!.Write(file.Node, start + written, piece);
            if (taken < 0 && written == 0) return -taken;
            written += (uint)Math.Max(taken, 0);
            if (taken < piece.Length) break;
        }

        if (offset is null) file.Offset = start + written;
        Memory.Put(target, written);
        return Success;
    }

    private int Seek(uint descriptor, long by, uint from, uint target)
    {
        if (FileOf(descriptor) is not { } file) return IsOpen(descriptor) ? NoSeek : BadDescriptor;
        if (file.Node.IsFolder) return IsFolder;
        if (from > 2) return Invalid;
        var start = from switch { 0 => (Int128)0, 1 => file.Offset, _ => WasiFileTree.Size(file.Node) };
        if (start + by < 0) return Invalid;
        file.Offset = (ulong)(start + by);
        Memory.Put(target, file.Offset);
        return Success;
    }

    private int Resize(uint descriptor, ulong size, bool onlyGrows)
    {
        if (FileOf(descriptor) is not { Writes: true } file) return BadDescriptor;
        if (size > long.MaxValue) return Invalid;
        return onlyGrows && (long)size <= file.Node.Size ? Success : _files!.Resize(file.Node, (long)size);
    }

    private int ReadFolder(uint descriptor, uint buffer, uint size, ulong cookie, uint target)
    {
        if (FileOf(descriptor) is not { } file) return BadDescriptor;
        if (!file.Node.IsFolder) return NoFolder;
        var entries = WasiFileTree.Entries(file.Node, cookie, (int)Math.Min(size, int.MaxValue));
        entries.CopyTo(Memory.Bytes(buffer, (uint)entries.Length));
        Memory.Put(target, (uint)entries.Length);
        return Success;
    }

    private int PutPrestat(uint descriptor, uint target)
    {
        if (FileOf(descriptor) is not { IsRoot: true }) return BadDescriptor;
        Memory.Put(target, 0);
        Memory.Put(target + 4, 1);
        return Success;
    }

    private int PutPrestatName(uint descriptor, uint path, uint size)
    {
        if (FileOf(descriptor) is not { IsRoot: true }) return BadDescriptor;
        if (size < 1) return Invalid;
        Memory.Bytes(path, 1)[0] = (byte)'/';
        return Success;
    }

    private int PutPathState(uint descriptor, uint path, uint size, uint target)
    {
        var error = FolderOf(descriptor, out var folder);
        if (error == Success) error = WasiFileTree.Find(folder, PathAt(path, size), out folder);
        return error == Success ? PutState(folder, target) : error;
    }

    private int PutState(WasiNode node, uint target)
    {
        Memory.Bytes(target, 64).Clear();
        Memory.Put(target + 8, node.Inode);
        Memory.Bytes(target + 16, 1)[0] = node.Type;
        Memory.Put(target + 24, 1UL);
        Memory.Put(target + 32, node.IsFolder ? 0UL : (ulong)WasiFileTree.Size(node));
        Memory.Put(target + 40, node.Accessed);
        Memory.Put(target + 48, node.Modified);
        return Success;
    }

    private int MakeFolder(uint descriptor, uint path, uint size)
    {
        var error = FolderOf(descriptor, out var folder);
        return error == Success ? _files!.Make(folder, PathAt(path, size), isFolder: true, out _) : error;
    }

    private int RemovePath(uint descriptor, uint path, uint size, bool isFolder)
    {
        var error = FolderOf(descriptor, out var folder);
        return error == Success ? _files!.Remove(folder, PathAt(path, size), isFolder) : error;
    }

    private int RenamePath(WasiArguments given)
    {
        var error = FolderOf(given[0], out var from);
        if (error != Success) return error;
        error = FolderOf(given[3], out var to);
        return error == Success
            ? _files!.Rename(from, PathAt(given[1], given[2]), to, PathAt(given[4], given[5]))
            : error;
    }

    private int RefuseLink(uint descriptor, uint path, uint size)
    {
        var error = FolderOf(descriptor, out var folder);
        return error == Success ? WasiFileTree.RefuseLink(folder, PathAt(path, size)) : error;
    }

    private int RefuseLinkTo(WasiArguments given)
    {
        var error = FolderOf(given[0], out var folder);
        if (error == Success) error = WasiFileTree.Find(folder, PathAt(given[2], given[3]), out _);
        return error == Success ? RefuseLink(given[4], given[5], given[6]) : error;
    }

    private int SetPathTimes(WasiArguments given)
    {
        var error = FolderOf(given[0], out var folder);
        if (error == Success) error = WasiFileTree.Find(folder, PathAt(given[2], given[3]), out folder);
        if (error != Success) return error == NoEntry ? ReadOnly : error;
        return folder.IsWritable ? SetTimes(folder, given.Long(4), given.Long(5), given[6]) : ReadOnly;
    }

    // Files that the module has not created have no time: 0.
    private int SetTimes(WasiNode node, ulong accessed, ulong modified, uint flags)
    {
        // Both a given time and the current time were requested.
        if ((flags & (flags >> 1) & (SetAccessed | SetModified)) != 0) return Invalid;
        var now = (flags & (AccessedNow | ModifiedNow)) == 0 ? 0UL : RealTime();
        if ((flags & AccessedNow) != 0) node.Accessed = now;
        if ((flags & SetAccessed) != 0) node.Accessed = accessed;
        if ((flags & ModifiedNow) != 0) node.Modified = now;
        if ((flags & SetModified) != 0) node.Modified = modified;
        return Success;
    }

    private int ReadLink(uint descriptor, uint path, uint size)
    {
        var error = FolderOf(descriptor, out var folder);
        if (error == Success) error = WasiFileTree.Find(folder, PathAt(path, size), out _);
        return error == Success ? Invalid : error;
    }

    private int SetFlags(uint descriptor, uint flags)
    {
        if (!IsOpen(descriptor)) return BadDescriptor;
        if (FileOf(descriptor) is { } file) file.Flags = flags & FlagsAll;
        return Success;
    }

    private ulong RealTime() => (ulong)_clock.Now(clock: 0)!.Value;

    // Rights can only be removed.
    private int SetRights(uint descriptor, ulong rights)
    {
        if (FileOf(descriptor) is not { } file) return IsOpen(descriptor) ? NotSupported : BadDescriptor;
        if ((rights & ~file.Rights) != 0) return NotCapable;
        file.Rights = rights;
        file.Writes &= (rights & RightWrite) != 0;
        return Success;
    }
}

/// <summary>An open file or folder of a module.</summary>
internal sealed class WasiOpenFile(WasiNode node)
{
    public WasiNode Node => node;

    /// <summary>The preopened root folder.</summary>
    public bool IsRoot { get; init; }

    public ulong Rights { get; set; }

    /// <summary>Whether its rights and its node allow it.</summary>
    public bool Writes { get; set; }

    public uint Flags { get; set; }

    public ulong Offset { get; set; }
}
