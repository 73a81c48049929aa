namespace Weft.Bench.Servers;

/// <summary>The folder for the stores of one run, deleted at its end. It lies beside the build output, as the system's
/// temporary folder may be in memory, where a commit to disk costs nothing.</summary>
internal sealed class Workspace : IDisposable
{
    private static readonly string[] InMemory = ["tmpfs", "ramfs"];
    private readonly string folder;
    private int lastStore;

    public Workspace(string root)
    {
        folder = Path.Combine(root, "artifacts/bench/stores", $"{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
    }

    public string FileSystem => new DriveInfo(folder).DriveFormat;

    /// <summary>True where durability is pretended, and the figures with it.</summary>
    public bool IsInMemory => InMemory.Contains(FileSystem);

    /// <summary>A path that nothing uses yet.</summary>
    public string NewStore() => Path.Combine(folder, $"{Interlocked.Increment(ref lastStore)}");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
