using System.Globalization;

namespace Weft.Cli.Exec;

/// <summary>This process's children, from <c>/proc</c>.</summary>
internal static class ExecChildren
{
    private const int ParentField = 1;
    private const int SessionField = 3;

    /// <summary>
    /// Their ids. If processes start or end during the read, one may be missing; the next read has it.
    /// </summary>
    public static IReadOnlyList<int> Read()
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.GetDirectories("/proc/self/task"))
            {
                if (ReadText(Path.Combine(thread, "children")) is not { } text) continue;
                foreach (var id in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Add(children, id);
            }

            // A kernel without these lists: scan all processes.
            if (!File.Exists("/proc/thread-self/children")) AddByParent(children);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without /proc, the children are unknown.
        }

        return children;
    }

    /// <summary>The leader of a process's session; 0: the process has ended.</summary>
    public static int SessionOf(int process) => FieldOf(process, SessionField);

    /// <summary>
    /// A variable of the environment that a process was started with; null: it doesn't exist, or can't be read.
    /// </summary>
    public static string? VariableOf(int process, string name)
    {
        if (ReadText(PathOf(process, "environ")) is not { } environment) return null;
        var prefix = $"{name}=";
        return Array.Find(environment.Split('\0'),
            line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
    }

    private static void AddByParent(List<int> children)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            if (FieldOf(id, ParentField) == Environment.ProcessId) children.Add(id);
        }
    }

    // After the program's name, which may contain spaces and brackets: state, parent, group, session.
    private static int FieldOf(int process, int field)
    {
        if (ReadText(PathOf(process, "stat")) is not { } stat) return 0;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > field
            && int.TryParse(fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }

    private static void Add(List<int> children, string id)
    {
        if (int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var child)) children.Add(child);
    }

    private static string PathOf(int process, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}");

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
