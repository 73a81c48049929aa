using System.CommandLine;
using Weft.Cli.Blobs;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.Contracts;
using Weft.Core;
using Weft.Core.Modules;

namespace Weft.Cli.Files;

/// <summary>The option for the files that tasks find, for commands that submit.</summary>
internal static class RunFileOptions
{
    private static readonly Option<string[]> File = new("--file")
    {
        Description = "File that tasks find under its name, or at a path: PATH=FILE; FOLDER/=./folder for a folder. " +
            "Pushed if needed; may be repeated",
        HelpName = "[path=]file",
    };

    public static void AddTo(Command command) => command.Options.Add(File);

    /// <summary>Local files by the paths where tasks find them. Nothing is pushed yet.</summary>
    /// <exception cref="UsageFailure">A path is invalid.</exception>
    /// <exception cref="CommandFailure">A file doesn't exist, or there are too many.</exception>
    public static FileChoice Read(ParseResult flags)
    {
        var files = (flags.GetValue(File) ?? []).SelectMany(ReadOne)
            .OrderBy(static file => file.Path, StringComparer.Ordinal).ToArray();
        if (files.Length > Limits.FilesMax)
        {
            throw new CommandFailure(
                $"A task has at most {Limits.FilesMax} files, not {files.Length}: pack them into one.");
        }
        foreach (var (path, _) in files)
        {
            if (FilePath.FindFault(path) is { } fault) throw new UsageFailure($"--file: {path}: {fault}");
        }
        return FilePath.FindClash(files.Select(static file => file.Path)) is { } clash
            ? throw new UsageFailure($"--file: {clash}")
            : new(files);
    }

    private static IEnumerable<(string Path, string File)> ReadOne(string typed)
    {
        // A file whose name contains an equals sign takes precedence if it exists.
        var end = System.IO.File.Exists(typed) ? -1 : typed.IndexOf('=', StringComparison.Ordinal);
        var (path, place) = end < 0 ? (Path.GetFileName(typed), typed) : (typed[..end], typed[(end + 1)..]);
        if (!Directory.Exists(place))
        {
            if (!System.IO.File.Exists(place)) throw new CommandFailure($"There is no file {place}.");
            return [(path.EndsWith('/') ? path + Path.GetFileName(place) : path, place)];
        }

        if (end < 0)
        {
            throw new UsageFailure($"--file: {typed} is a folder: say where tasks find it, such as data/={typed}.");
        }
        return Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Select(file =>
            ($"{path.TrimEnd('/')}/{Path.GetRelativePath(place, file)}", file));
    }
}

/// <summary>Files by the paths where tasks find them.</summary>
internal sealed class FileChoice((string Path, string File)[] files)
{
    public bool IsEmpty => files.Length == 0;

    /// <summary>Pushes the files that the coordinator doesn't have.</summary>
    /// <returns>The files for a task's <c>run</c>; null for none.</returns>
    public async Task<IReadOnlyList<RunFile>?> EnsureAsync(RemoteApi api, CancellationToken stop)
    {
        if (files.Length == 0) return null;
        var pushed = new List<RunFile>();
        foreach (var (path, file) in files) pushed.Add(new(path, (await BlobPush.RunAsync(file, api, stop)).Sha256));
        return pushed;
    }
}
