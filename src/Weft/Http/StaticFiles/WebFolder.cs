namespace Weft.Http.StaticFiles;

/// <summary>
/// One folder whose files are public: everything below it except hidden names, links that lead out, and anything that
/// is not a file.
/// </summary>
/// <param name="path">Absolute or relative to the working directory.</param>
/// <param name="isBuiltIn">Whether these are Weft's own pages.</param>
internal sealed class WebFolder(string path, bool isBuiltIn)
{
    // Made absolute once: a later change of the working directory must not change which files are public.
    private readonly string root = Path.GetFullPath(path);

    public bool IsBuiltIn => isBuiltIn;

    /// <summary>The file, by its path without links. Null if it doesn't exist or may not be served.</summary>
    public FileInfo? Find(WebPath path)
    {
        // One system call, which stops at the first missing name: the rest is only for files that exist.
        if (!File.Exists(Path.Join([root, .. path.Segments]))) return null;

        // Resolved for each request, because a deployment may switch the folder itself by changing a link.
        if (RealPath.Of(root) is not { } realRoot) return null;
        if (RealPath.Of(Path.Join([realRoot, .. path.Segments])) is not { } realPath) return null;
        if (!RealPath.IsBelow(realRoot, realPath)) return null;

        var file = new FileInfo(realPath);
        return RegularFile.Is(file) ? file : null;
    }
}
