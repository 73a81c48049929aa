using Weft.Client;
using Weft.Storage.Sqlite.Native;

namespace Weft.Cli.Files;

/// <summary>
/// Verified blobs that this machine has downloaded, by hash, each stored once for all workers. The least recently used
/// are deleted when the cache exceeds its limit. Safe for use by many threads and processes.
/// </summary>
/// <param name="client">Downloads the blobs.</param>
/// <param name="folder">Created if it doesn't exist; private to this user.</param>
/// <param name="bytesMax">Limit of their total size; blobs that a running task needs stay in its own folder.</param>
internal sealed class BlobCache(WeftClient client, string folder, long bytesMax, TimeProvider time) : IDisposable
{
    private const string PartSuffix = ".part";

    // Tasks have links to the same file. If a task, run as root, has written to one, its time differs and the blob is
    // downloaded again. The year is 1980 because archives can't store earlier times.
    private static readonly DateTime Untouched = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The path of a blob's file, downloaded and verified if it is not there.</summary>
    /// <exception cref="WeftException">The blob can't be downloaded.</exception>
    /// <exception cref="IOException">The disk is full, or the folder can't be written.</exception>
    public async Task<string> FindAsync(string sha256, CancellationToken stop)
    {
        var path = Path.Combine(folder, sha256);
        // One download at a time: they share the connection.
        await _gate.WaitAsync(stop);
        try
        {
            CacheFolder.Make(folder);
            if (!TryUse(path)) await FetchAsync(sha256, path, stop);
            return path;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool TryUse(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            if (File.GetLastWriteTimeUtc(path) != Untouched)
            {
                File.Delete(path);
                return false;
            }

            File.SetLastAccessTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (IOException)
        {
            // Another worker has freed space in the meantime.
            return false;
        }
    }

    private async Task FetchAsync(string sha256, string path, CancellationToken stop)
    {
        await using var part = await HoldAsync(path + PartSuffix, path, stop);
        // Another worker on this machine has downloaded it.
        if (part is null) return;
        await client.DownloadBlobAsync(sha256, part, stop);
        part.Flush();
        File.SetLastWriteTimeUtc(part.Name, Untouched);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(part.Name, UnixFileMode.UserRead);
        File.Move(part.Name, path, overwrite: true);
        MakeRoom(path);
    }

    /// <summary>The file being written, exclusive to this process; null: the complete file already exists.</summary>
    private async Task<FileStream?> HoldAsync(string part, string path, CancellationToken stop)
    {
        for (; ; )
        {
            if (TryUse(path)) return null;
            try
            {
                var file = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (!TryUse(path)) return file;
                await file.DisposeAsync();
            }
            catch (IOException exception) when (FileErrors.IsHeld(exception))
            {
                await Task.Delay(BetweenLooks, time, stop);
            }
        }
    }

    private void MakeRoom(string used)
    {
        var blobs = new DirectoryInfo(folder).GetFiles()
            .Where(static file => !file.Name.EndsWith(PartSuffix, StringComparison.Ordinal))
            .OrderBy(static file => file.LastAccessTimeUtc).ToList();
        var bytes = blobs.Sum(static file => file.Length);
        foreach (var oldest in blobs.Where(file => file.FullName != Path.GetFullPath(used)))
        {
            if (bytes <= bytesMax) return;
            bytes -= oldest.Length;
            oldest.Delete();
        }
    }
}
