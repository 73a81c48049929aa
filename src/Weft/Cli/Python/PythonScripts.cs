using Weft.Client;

namespace Weft.Cli.Python;

/// <param name="Hash">The SHA-256 of its bytes.</param>
/// <param name="Name">For tracebacks.</param>
/// <param name="Source">UTF-8, or a zipped folder.</param>
internal sealed record PythonScriptFile(string Hash, string Name, byte[] Source);

/// <summary>Scripts by hash, each downloaded once. Safe for use by many threads.</summary>
internal sealed class PythonScripts(WeftClient client)
{
    private const string NameDefault = "task.py";
    private const int KeptMax = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PythonScriptFile> _kept = new(StringComparer.Ordinal);

    /// <summary>The script; null: the module is not a Python script.</summary>
    public async Task<PythonScriptFile?> FindAsync(string hash, CancellationToken stop)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(hash, out var kept)) return kept;
        }

        var module = await client.GetModuleAsync(hash, stop);
        if (module.Type is not (WeftClient.PythonType or WeftClient.PythonFolderType)) return null;
        var script = new PythonScriptFile(hash, NameOf(module.Name), module.Bytes);
        lock (_gate)
        {
            if (_kept.Count >= KeptMax) _kept.Clear();
            _kept[hash] = script;
        }
        return script;
    }

    // The submitter chose the name, and it becomes part of error messages.
    private static string NameOf(string? name) =>
        name is null || name.Any(char.IsControl) || name.Length == 0 ? NameDefault : name;
}
