using System.Globalization;
using Weft.Client;
using Weft.Client.Work;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Http.StaticFiles;

namespace Weft.Cli.Files;

/// <summary>
/// Pushes the files that a task wrote below <c>out</c> under its lease, so that its result can name them.
/// </summary>
internal sealed class TaskOutputs(WeftClient client)
{
    // Delays a released task, so that another worker can get it.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <param name="task">The task, which may not have asked for files.</param>
    /// <param name="folder">The task's own folder; null: it has none.</param>
    /// <exception cref="AttemptFailedException">There are too many, or something there isn't a file.</exception>
    /// <exception cref="AttemptReleasedException">The coordinator doesn't accept them now.</exception>
    public async Task PushAsync(WorkerTask task, string? folder, CancellationToken stop)
    {
        if (folder is null || task.Run?.OutMb is not { } outMb) return;
        try
        {
            var files = Find(Path.Combine(folder, FilePath.Out), outMb);
            foreach (var (path, file) in files) await client.PushOutputAsync(task, path, file, stop);
        }
        catch (WeftException exception) when (exception.IsTransient)
        {
            throw new AttemptReleasedException($"The task's files could not be pushed: {exception.Message}", Delay);
        }
        catch (Exception exception) when (exception is WeftException or IOException or UnauthorizedAccessException)
        {
            throw new AttemptFailedException($"The task's files could not be pushed: {exception.Message}");
        }
    }

    /// <summary>The files by their paths below a folder, in order.</summary>
    private static IReadOnlyList<(string Path, string File)> Find(string folder, int outMb)
    {
        var root = new DirectoryInfo(folder);
        // The task may have replaced the folder with something else.
        if (!root.Exists || root.LinkTarget is not null) return [];
        var (files, bytes) = (new List<(string Path, string File)>(), 0L);
        foreach (var entry in root.EnumerateFileSystemInfos("*", Everything))
        {
            if (entry is DirectoryInfo && entry.LinkTarget is null) continue;
            var path = Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (FilePath.FindOutputFault(path) is { } fault) throw new AttemptFailedException($"out/{path}: {fault}");
            if (entry.LinkTarget is not null || entry is not FileInfo written || !RegularFile.Is(written))
            {
                throw new AttemptFailedException($"out/{path} is not a file: only files are kept.");
            }

            if (files.Count == Limits.OutputsMax)
            {
                throw new AttemptFailedException(
                    $"The task wrote more than {Limits.OutputsMax} files below out: pack them into one.");
            }

            bytes += written.Length;
            files.Add((path, entry.FullName));
        }

        if (bytes > (long)outMb << 20)
        {
            throw new AttemptFailedException(string.Create(CultureInfo.InvariantCulture,
                $"The task wrote {bytes} bytes below out, and asked for {outMb} MiB (outMb)."));
        }

        return FilePath.FindClash(files.Select(static file => file.Path)) is { } clash
            ? throw new AttemptFailedException($"Below out: {clash}")
            : [.. files.OrderBy(static file => file.Path, StringComparer.Ordinal)];
    }

    // Links are found, but not followed.
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };
}
