using System.Globalization;
using Weft.Client;
using Weft.Client.Work;
using Weft.Core;
using Weft.Core.Modules;
using Weft.Http.StaticFiles;

namespace Weft.Cli.Files;

/// <summary>
/// The files that a task has written below <c>out</c>: pushed under its lease, and named by its result.
/// </summary>
internal sealed class TaskOutputs(WeftClient client)
{
    // Others should have the task meanwhile.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <param name="task">What it works on. It may have asked for no files.</param>
    /// <param name="folder">The task's own; null: it has none.</param>
    /// <exception cref="AttemptFailedException">There are too many, or it is something else than files.</exception>
    /// <exception cref="AttemptReleasedException">The coordinator doesn't take them now.</exception>
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
        // The task may have put something else there.
        if (!root.Exists || root.LinkTarget is not null) return [];
        var (files, bytes) = (new List<(string Path, string File)>(), 0L);
        foreach (var entry in root.EnumerateFileSystemInfos("*", Everything))
        {
            if (entry is DirectoryInfo && entry.LinkTarget is null) continue;
            var path = Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (FilePath.FindOutputFault(path) is { } fault) throw new AttemptFailedException($"out/{path}: {fault}");
            if (entry.LinkTarget is not null || entry is not FileInfo written || !RegularFile.Is(written))
            {
                throw new AttemptFailedException($"out/{path} is no file: only files are kept.");
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

    // Links are found, and not followed.
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };
}
