using System.Text;
using Weft.Core;
using static Weft.Cli.Modules.Engine.WasiErrno;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The files of a task for WASI, as the worker page has them (wasi-files.js): a tree that is read, and a folder
/// <c>out</c> in memory that the task writes to, where it asked for that. Errors are those of <see cref="WasiErrno"/>.
/// </summary>
internal sealed partial class WasiFileTree : IDisposable
{
    private const uint Create = 1, MustBeFolder = 2, Exclusive = 4, Truncate = 8;

    // Of files and folders below out, so that empty ones have a bound too.
    private const int WrittenMax = 1_000;

    private readonly WasiNode _out = new() { IsFolder = true, IsWritable = true };
    private readonly long _outBytesMax;
    private ulong _count = 1;
    private long _written;
    private int _nodes;

    /// <param name="files">By their paths: where they are on this machine.</param>
    /// <param name="outBytesMax">Bytes below <c>out</c>; 0: there is no such folder.</param>
    public WasiFileTree(IEnumerable<KeyValuePair<string, string>> files, long outBytesMax)
    {
        _outBytesMax = outBytesMax;
        foreach (var (path, place) in files)
        {
            var names = path.Split('/');
            var folder = Root;
            foreach (var name in names[..^1])
            {
                folder = folder.Children.TryGetValue(name, out var known)
                    ? known : Add(folder, name, new() { IsFolder = true });
            }

            Add(folder, names[^1], new() { Place = place });
        }

        if (outBytesMax > 0) Add(Root, Core.Modules.FilePath.Out, _out);
    }

    /// <summary>Asked for the time of the run.</summary>
    public Func<ulong> Now { get; set; } = static () => 0;

    public WasiNode Root { get; } = new() { IsFolder = true, Inode = 1 };

    /// <summary>The files below <c>out</c>, by their paths there.</summary>
    public IEnumerable<(string Path, WasiNode File)> Written => WrittenBelow(_out, "");

    /// <summary>The node at a path, or why there is none.</summary>
    public static int Find(WasiNode from, ReadOnlySpan<byte> path, out WasiNode node)
    {
        node = from;
        var text = Encoding.UTF8.GetString(path);
        if (text.StartsWith('/')) return NotPermitted;
        foreach (var name in text.Split('/'))
        {
            if (!node.IsFolder) return NoFolder;
            if (name is "" or ".") continue;
            if (name == "..")
            {
                // Nothing leads out of the folder in which a path begins.
                if (node == from || node.Parent is null) return NotPermitted;
                node = node.Parent;
            }
            else if (node.Children.TryGetValue(name, out var next)) node = next;
            else return NoEntry;
        }

        return Success;
    }

    /// <summary>Opens a path as <c>path_open</c> asks for it.</summary>
    public int Open(WasiNode from, ReadOnlySpan<byte> path, uint flags, bool writes, out WasiNode node)
    {
        var error = Find(from, path, out node);
        if (error == NoEntry && (flags & Create) != 0)
        {
            return (flags & MustBeFolder) != 0 ? Invalid : Make(from, path, isFolder: false, out node);
        }

        if (error != Success) return error;
        if ((flags & Create) != 0 && (flags & Exclusive) != 0) return Exists;
        if ((flags & MustBeFolder) != 0 && !node.IsFolder) return NoFolder;
        if (node.IsFolder) return (flags & (Create | Truncate)) != 0 || writes ? IsFolder : Success;
        if (((flags & Truncate) != 0 || writes) && !node.IsWritable) return ReadOnly;
        return (flags & Truncate) != 0 ? Resize(node, 0) : Success;
    }

    /// <summary>Makes a file or a folder at a path where there is none.</summary>
    public int Make(WasiNode from, ReadOnlySpan<byte> path, bool isFolder, out WasiNode node)
    {
        var error = FindVacant(from, path, out node, out var name);
        if (error != Success) return error;
        if (!node.IsWritable) return ReadOnly;
        if (_nodes >= WrittenMax) return NoSpace;
        _nodes++;
        var now = Now();
        node = Add(node, name, new() { IsFolder = isFolder, IsWritable = true, Accessed = now, Modified = now });
        return Success;
    }

    /// <summary>Takes away a file, or an empty folder.</summary>
    public int Remove(WasiNode from, ReadOnlySpan<byte> path, bool isFolder)
    {
        var error = Find(from, path, out var node);
        if (error != Success) return error;
        if (!isFolder && node.IsFolder) return IsFolder;
        if (isFolder && !node.IsFolder) return NoFolder;
        if (node.Parent is not { IsWritable: true }) return ReadOnly;
        if (node.Children.Count > 0) return NotEmpty;
        Detach(node);
        return Success;
    }

    /// <summary>Moves a file or folder, in place of another.</summary>
    public int Rename(WasiNode from, ReadOnlySpan<byte> path, WasiNode to, ReadOnlySpan<byte> target)
    {
        var error = Find(from, path, out var node);
        if (error != Success) return error;
        error = FindPlace(to, target, out var parent, out var name, out var known);
        if (error != Success) return error;
        if (node.Parent is not { IsWritable: true } || !parent.IsWritable) return ReadOnly;
        if (known == node) return Success;
        for (var above = parent; above is not null; above = above.Parent)
        {
            if (above == node) return Invalid;
        }

        if (known is not null)
        {
            if (known.IsFolder && !node.IsFolder) return IsFolder;
            if (!known.IsFolder && node.IsFolder) return NoFolder;
            if (known.Children.Count > 0) return NotEmpty;
            Detach(known);
        }

        node.Parent.Children.Remove(node.Name);
        node.Parent = parent;
        node.Name = name;
        parent.Children.Add(name, node);
        return Success;
    }

    /// <summary>Why no link is made at a path: there are none.</summary>
    public static int RefuseLink(WasiNode from, ReadOnlySpan<byte> path)
    {
        var error = FindVacant(from, path, out var folder, out _);
        if (error != Success) return error;
        if (path.EndsWith("/"u8)) return NoEntry;
        return folder.IsWritable ? NotPermitted : ReadOnly;
    }

    /// <summary>Nobody has the node open any more.</summary>
    public void Close(WasiNode node)
    {
        if (--node.Opens == 0 && node.IsDetached) Forget(node);
    }

    public void Dispose() => Dispose(Root);

    private static void Dispose(WasiNode node)
    {
        node.Handle?.Dispose();
        foreach (var child in node.Children.Values) Dispose(child);
    }

    private WasiNode Add(WasiNode parent, string name, WasiNode node)
    {
        node.Parent = parent;
        node.Name = name;
        node.Inode = ++_count;
        return parent.Children.TryAdd(name, node) ? node : parent.Children[name];
    }

    // The folder in which a path's last name is, and what has that name.
    private static int FindPlace(
        WasiNode from, ReadOnlySpan<byte> path, out WasiNode folder, out string name, out WasiNode? known)
    {
        var end = path.LastIndexOf((byte)'/');
        var last = path[(end + 1)..];
        // What ends with a slash, or leads nowhere new, is a folder that is there.
        if (last.Length == 0 && end > 0) return FindPlace(from, path[..end], out folder, out name, out known);
        (name, known) = (Encoding.UTF8.GetString(last), null);
        if (name.Length > Limits.FilePathBytesMax)
        {
            folder = from;
            return Invalid;
        }

        var error = Find(from, end < 0 ? [] : path[..Math.Max(end, 1)], out folder);
        if (error != Success) return error;
        if (!folder.IsFolder) return NoFolder;
        if (name is "" or "." or "..") known = folder;
        else folder.Children.TryGetValue(name, out known);
        return Success;
    }

    // The same for a name that nothing has.
    private static int FindVacant(WasiNode from, ReadOnlySpan<byte> path, out WasiNode folder, out string name)
    {
        var error = FindPlace(from, path, out folder, out name, out var known);
        return error == Success && known is not null ? Exists : error;
    }

    private void Detach(WasiNode node)
    {
        node.Parent!.Children.Remove(node.Name);
        node.IsDetached = true;
        _nodes--;
        if (node.Opens == 0) Forget(node);
    }

    private void Forget(WasiNode node)
    {
        _written -= node.IsFolder ? 0 : node.Size;
        node.Cut(0);
    }

    private static IEnumerable<(string Path, WasiNode File)> WrittenBelow(WasiNode folder, string path)
    {
        foreach (var (name, child) in folder.Children)
        {
            if (!child.IsFolder) yield return (path + name, child);
            else foreach (var each in WrittenBelow(child, $"{path}{name}/")) yield return each;
        }
    }
}
