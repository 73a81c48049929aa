using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// The rules for a file's path: below the task's own folder, valid on every system, and not at <c>out</c>, which is for
/// the task's outputs. An output's path, relative to <c>out</c>, follows the same rules.
/// </summary>
public static class FilePath
{
    /// <summary>The folder for a task's outputs.</summary>
    public const string Out = "out";

    /// <summary>Null, or one sentence that says what is wrong with the path of a file for a task.</summary>
    public static string? FindFault(string path) => FindOutputFault(path) ?? (path.Split('/')[0] == Out
        ? "A file's path can't be below out, which is for the task's outputs."
        : null);

    /// <summary>The same for a task's output, by its path below <c>out</c>, and for a file in an archive.</summary>
    public static string? FindOutputFault(string path)
    {
        if (path.Length == 0 || Encoding.UTF8.GetByteCount(path) > Limits.FilePathBytesMax)
        {
            return $"A file's path must have 1 to {Limits.FilePathBytesMax} bytes.";
        }

        if (path.Any(static c => char.IsControl(c) || c is '\\' or ':'))
        {
            return "A file's path can't have control characters, backslashes or colons.";
        }

        return path.Split('/').Any(static segment => segment is "" or "." or "..")
            ? "A file's path must be relative, without an empty segment, '.' or '..'."
            : null;
    }

    /// <summary>Null, or one sentence that says which paths conflict.</summary>
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
