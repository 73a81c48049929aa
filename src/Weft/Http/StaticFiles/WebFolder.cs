namespace Weft.Http.StaticFiles;

/// <summary>
/// One folder whose files are public: everything below it but hidden names, links that lead out, and what is no file.
/// </summary>
/// <param name="path">Absolute or relative to the working directory.</param>
/// <param name="isBuiltIn">Whether these are Weft's own pages.</param>
internal sealed class WebFolder(string path, bool isBuiltIn)
{
    // Made absolute once: a later change of the working directory must not change what is public.
    private readonly string root = Path.GetFullPath(path);

    public bool IsBuiltIn => isBuiltIn;

    /// <summary>The file, by its path without links. Null where there is none, or none that may be served.</summary>
    public FileInfo? Find(WebPath path)
    {
        // One question to the system, which stops at the first name that isn't there: what follows is for files that
        // exist.
        if (!File.Exists(Path.Join([root, .. path.Segments]))) return null;

        // Resolved for each request, because a deployment may switch the folder itself from link to link.
        if (RealPath.Of(root) is not { } realRoot) return null;
        if (RealPath.Of(Path.Join([realRoot, .. path.Segments])) is not { } realPath) return null;
        if (!RealPath.IsBelow(realRoot, realPath)) return null;

        var file = new FileInfo(realPath);
        return RegularFile.Is(file) ? file : null;
    }
}
