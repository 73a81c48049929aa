using System.Runtime.InteropServices;
using Weft.Client;
using Weft.Client.Work;
using Weft.Contracts;
using Weft.Core.Modules;
using Weft.Core.Modules.Packages;

namespace Weft.Cli.Files;

/// <summary>
/// The folder of a task that has or writes files. Its files are at their paths, and everything that it writes is
/// deleted with it, except its outputs. A file is a hard link into the cache, or a copy if links aren't possible.
/// </summary>
internal sealed partial class TaskFolders(BlobCache cache, string root)
{
    // Delays a released task, so that another worker can get it.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>Null: the task has no files, and writes none.</summary>
    /// <exception cref="AttemptReleasedException">A file can't be downloaded now.</exception>
    /// <exception cref="AttemptFailedException">A path is invalid, which no coordinator sends.</exception>
    public Task<TaskFolder?> OpenAsync(WorkerTask task, CancellationToken stop) => OpenAsync(
        [.. task.Run?.Files?.Where(static file => !PackageFolder.Has(file.Path)) ?? []], task.Run?.OutMb is not null,
        stop);

    /// <summary>A folder with the wheels of a task's packages under their file names. Null: it has none.</summary>
    /// <exception cref="AttemptReleasedException">A wheel can't be downloaded now.</exception>
    /// <exception cref="AttemptFailedException">A name is invalid, which no coordinator sends.</exception>
    public Task<TaskFolder?> OpenPackagesAsync(IReadOnlyList<RunFile> packages, CancellationToken stop) => OpenAsync(
        [.. packages.Select(static file => file with { Path = file.Path[PackageFolder.Prefix.Length..] })],
        writes: false, stop);

    private async Task<TaskFolder?> OpenAsync(IReadOnlyList<RunFile> files, bool writes, CancellationToken stop)
    {
        if (files.Count == 0 && !writes) return null;
        if (!files.All(IsValid))
        {
            throw new AttemptFailedException("This worker doesn't accept the paths of the task's files.",
                mayRetry: false);
        }

        TaskFolder? folder = null;
        try
        {
            CacheFolder.Make(root);
            folder = new(Path.Combine(root, Guid.NewGuid().ToString("n")));
            if (writes) Directory.CreateDirectory(Path.Combine(folder.Path, FilePath.Out));
            foreach (var file in files) await PutAsync(folder, file.Path, file.Blob, stop);
            return folder;
        }
        catch (Exception exception) when (exception is WeftException or IOException or UnauthorizedAccessException)
        {
            folder?.Dispose();
            throw new AttemptReleasedException($"The task's files could not be fetched: {exception.Message}", Delay);
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    private static bool IsValid(RunFile file) =>
        FilePath.FindFault(file.Path) is null && ModuleHash.TryParse(file.Blob, out _);

    private async Task PutAsync(TaskFolder folder, string path, string blob, CancellationToken stop)
    {
        var place = Path.Combine(folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        for (; ; )
        {
            var cached = await cache.FindAsync(blob, stop);
            if (Link(cached, place) == 0) return;
            try
            {
                // Another file system, or one without links.
                File.Copy(cached, place);
                return;
            }
            catch (FileNotFoundException)
            {
                // Another worker has freed space in the meantime.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}

/// <summary>A task's own folder, deleted with the task.</summary>
internal sealed class TaskFolder : IDisposable
{
    public TaskFolder(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
    }

    public string Path { get; }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Undeletable files of one program must not affect the next task.
        }
    }
}
