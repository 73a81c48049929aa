namespace Weft.Http.StaticFiles;

/// <summary>Resolves all symbolic links of a path, like realpath(3).</summary>
internal static class RealPath
{
    // Linux's limit; a longer chain is a loop.
    private const int LinkHopsMax = 40;

    /// <summary>
    /// The path without links. The BCL's <see cref="FileSystemInfo.ResolveLinkTarget"/> follows only the last name, but
    /// a link in the middle can lead out as well. Null for a loop; names that don't exist stay as they are.
    /// </summary>
    public static string? Of(string path)
    {
        path = Path.GetFullPath(path);
        var real = Path.GetPathRoot(path)!;
        var pending = new Stack<string>();
        Push(pending, path[real.Length..]);

        var hops = 0;
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Join(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++hops > LinkHopsMax) return null;
            var targetRoot = Path.GetPathRoot(target)!;
            if (targetRoot.Length > 0) real = targetRoot;
            Push(pending, target[targetRoot.Length..]);
        }

        return real;
    }

    /// <summary>Whether <paramref name="path"/> lies below <paramref name="folder"/>; both without links.</summary>
    public static bool IsBelow(string folder, string path) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);

    private static void Push(Stack<string> pending, string relative)
    {
        foreach (var name in relative.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            .Reverse())
        {
            if (name != ".") pending.Push(name);
        }
    }
}
