using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// Where a task may find a file: below its own folder, at a path that every system can make, and not at <c>out</c>,
/// which is for what the task writes.
/// </summary>
public static class FilePath
{
    private const string Out = "out";

    /// <summary>Null, or one sentence that says what is wrong with the path.</summary>
    public static string? FindFault(string path)
    {
        if (path.Length == 0 || Encoding.UTF8.GetByteCount(path) > Limits.FilePathBytesMax)
        {
            return $"A file's path has 1 to {Limits.FilePathBytesMax} bytes.";
        }

        if (path.Any(static c => char.IsControl(c) || c is '\\' or ':'))
        {
            return "A file's path can't have control characters, backslashes or colons.";
        }

        var segments = path.Split('/');
        if (segments.Any(static segment => segment is "" or "." or ".."))
        {
            return "A file's path is relative, and has no empty segment, '.' or '..'.";
        }

        return segments[0] == Out ? "A file's path can't be below out, which is for what the task writes." : null;
    }

    /// <summary>Null, or one sentence that says which paths can't be together.</summary>
    public static string? FindClash(IEnumerable<string> paths)
    {
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
        {
            if (!files.Add(path)) return "Two files have the same path.";
        }

        foreach (var path in files)
        {
            for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (files.Contains(path[..end])) return "A file's path is another's folder.";
            }
        }

        return null;
    }
}
