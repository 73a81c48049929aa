using System.Formats.Tar;
using System.IO.Compression;
using Weft.CommandLine;
using Weft.Core.Modules.Packages;

namespace Weft.Cli.Modules;

/// <summary>Local wheels: files, or the contents of an archive.</summary>
internal static class WheelFiles
{
    public const string Extension = ".whl";

    /// <exception cref="CommandFailure">There is no such wheel.</exception>
    public static Task<ModuleFile> OpenAsync(string path, CancellationToken stop)
    {
        if (!File.Exists(path)) throw new CommandFailure($"There is no file {path}.");
        return WheelName.TryParse(Path.GetFileName(path), out var fault) is not null
            ? ModuleFile.OpenFileAsync(path, stop)
            : throw new CommandFailure($"{path} can't be a package: {fault}");
    }

    /// <summary>Unpacks the wheels of an archive (.zip, .tar, .tar.gz or .tgz) into a folder.</summary>
    /// <returns>Their paths.</returns>
    /// <exception cref="CommandFailure">It is not such an archive, or contains no wheels.</exception>
    public static async Task<IReadOnlyList<string>> UnpackAsync(string archive, string folder, CancellationToken stop)
    {
        var wheels = new List<string>();
        try
        {
            if (archive.EndsWith(".zip", StringComparison.Ordinal)) await UnzipAsync(archive, folder, wheels, stop);
            else await UntarAsync(archive, folder, wheels, stop);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailure($"{archive} can't be read: {exception.Message}");
        }
        return wheels.Count > 0 ? wheels : throw new CommandFailure($"{archive} has no wheels ({Extension}).");
    }

    private static async Task UnzipAsync(string archive, string folder, List<string> wheels, CancellationToken stop)
    {
        using var zip = await ZipFile.OpenReadAsync(archive, stop);
        foreach (var entry in zip.Entries.Where(static entry => IsWheel(entry.Name)))
        {
            await using var content = await entry.OpenAsync(stop);
            await AddAsync(content, Path.Combine(folder, entry.Name), wheels, stop);
        }
    }

    private static async Task UntarAsync(string archive, string folder, List<string> wheels, CancellationToken stop)
    {
        await using var file = File.OpenRead(archive);
        await using Stream bytes = archive.EndsWith(".tar", StringComparison.Ordinal) ? file
            : archive.EndsWith(".gz", StringComparison.Ordinal) || archive.EndsWith(".tgz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Decompress)
                : throw new CommandFailure($"{archive} is neither a wheel nor a .zip, .tar, .tar.gz or .tgz of " +
                    "wheels. Unpack other archives ('tar -xf'), and add the wheels.");
        await using var tar = new TarReader(bytes);
        while (await tar.GetNextEntryAsync(cancellationToken: stop) is { } entry)
        {
            if (entry.DataStream is { } content && IsWheel(entry.Name))
            {
                await AddAsync(content, Path.Combine(folder, Path.GetFileName(entry.Name)), wheels, stop);
            }
        }
    }

    private static async Task AddAsync(Stream content, string path, List<string> wheels, CancellationToken stop)
    {
        await using var file = File.Create(path);
        await content.CopyToAsync(file, stop);
        wheels.Add(path);
    }

    private static bool IsWheel(string name) => name.EndsWith(Extension, StringComparison.Ordinal);
}
