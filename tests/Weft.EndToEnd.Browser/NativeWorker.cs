using System.Diagnostics;
using System.Globalization;

namespace Weft.EndToEnd.Browser;

/// <summary><c>weft worker --modules</c>, with a cache of its own.</summary>
internal sealed class NativeWorker : IAsyncDisposable
{
    private readonly Process _process;

    public NativeWorker(CoordinatorProcess coordinator, params string[] options)
    {
        var start = WeftBinary.Describe(coordinator.Folder,
            ["worker", "--modules", "--url", coordinator.Address.ToString(), .. options]);
        start.Environment["XDG_CACHE_HOME"] = Cache = Path.Combine(coordinator.Folder, "cache");
        start.Environment["WEFT_SECRET"] = "hidden";
        _process = Process.Start(start)!;
    }

    public string Cache { get; }

    /// <summary>Waits until it has one process for modules, and answers its id.</summary>
    public async Task<int> SeeHostAsync() =>
        (await Eventually.SeeAsync("a module runs in a process of its own", () => Task.FromResult(Hosts()),
            static hosts => hosts.Length == 1))[0];

    /// <summary>The processes that run modules, not those that compile.</summary>
    public int[] Hosts() => [.. Children().Where(static id =>
        Text(id, "cmdline") is { } line && line.Contains("module-host", StringComparison.Ordinal)
            && !line.Contains("--compile", StringComparison.Ordinal))];

    /// <summary>A file of a process under /proc; null: it has ended.</summary>
    public static string? Text(int id, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private IEnumerable<int> Children() => Directory.GetDirectories($"/proc/{_process.Id}/task")
        .SelectMany(static thread =>
            ChildrenOf(thread).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(static id => int.Parse(id, CultureInfo.InvariantCulture));

    private static string ChildrenOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "children"));
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // The thread has ended since it was listed; its children are another's now.
            return "";
        }
    }
}
