using Weft.Client;
using Weft.Storage.Sqlite.Native;

namespace Weft.Cli.Files;

/// <summary>
/// Blobs that this machine has fetched, by their hash: each once, whatever the number of workers, verified, and those
/// that were used least recently go when there are more bytes than the cache may have. Safe for use by many threads and
/// processes.
/// </summary>
/// <param name="client">Where they come from.</param>
/// <param name="folder">Made if it isn't there; for this user alone.</param>
/// <param name="bytesMax">Of all of them; what a task that runs needs stays in its own folder.</param>
internal sealed class BlobCache(WeftClient client, string folder, long bytesMax, TimeProvider time) : IDisposable
{
    private const string PartSuffix = ".part";

    // Tasks have links to the same file. One that a task has written to, as root may, has another time, and is fetched
    // again. Archives have no times before 1980.
    private static readonly DateTime Untouched = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The path of a blob's bytes, fetched and verified if they are not there.</summary>
    /// <exception cref="WeftException">It can't be fetched.</exception>
    /// <exception cref="IOException">There is no room, or the folder can't be written.</exception>
    public async Task<string> FindAsync(string sha256, CancellationToken stop)
    {
        var path = Path.Combine(folder, sha256);
        // One download at a time: they share the line.
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
            // Another worker has made room meanwhile.
            return false;
        }
    }

    private async Task FetchAsync(string sha256, string path, CancellationToken stop)
    {
        await using var part = await HoldAsync(path + PartSuffix, path, stop);
        // Another worker of this machine has fetched it.
        if (part is null) return;
        await client.DownloadBlobAsync(sha256, part, stop);
        part.Flush();
        File.SetLastWriteTimeUtc(part.Name, Untouched);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(part.Name, UnixFileMode.UserRead);
        File.Move(part.Name, path, overwrite: true);
        MakeRoom(path);
    }

    /// <summary>The file that is being written, for this process alone; null: the whole one is there.</summary>
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
