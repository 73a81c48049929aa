using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// Where a task may find a file: below its own folder, at a path that every system can make, and not at <c>out</c>,
/// which is for what the task writes. An output's path is the same below <c>out</c>.
/// </summary>
public static class FilePath
{
    /// <summary>The folder that is for what a task writes.</summary>
    public const string Out = "out";

    /// <summary>Null, or one sentence that says what is wrong with the path of a file that a task finds.</summary>
    public static string? FindFault(string path) => FindOutputFault(path) ?? (path.Split('/')[0] == Out
        ? "A file's path can't be below out, which is for what the task writes."
        : null);

    /// <summary>
    /// The same for what a task has written, by its path below <c>out</c>, and for what is in an archive.
    /// </summary>
    public static string? FindOutputFault(string path)
    {
        if (path.Length == 0 || Encoding.UTF8.GetByteCount(path) > Limits.FilePathBytesMax)
        {
            return $"A file's path has 1 to {Limits.FilePathBytesMax} bytes.";
        }

        if (path.Any(static c => char.IsControl(c) || c is '\\' or ':'))
        {
            return "A file's path can't have control characters, backslashes or colons.";
        }

        return path.Split('/').Any(static segment => segment is "" or "." or "..")
            ? "A file's path is relative, and has no empty segment, '.' or '..'."
            : null;
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
