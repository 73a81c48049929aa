using System.IO.Compression;
using System.Text;
using Weft.CommandLine;
using Weft.Core;

namespace Weft.Cli.Modules;

/// <summary>The zip archive of a folder: the same bytes for the same files, whenever it is created.</summary>
internal sealed class PythonFolder
{
    public const string ScriptName = "task.py";

    private const string BytecodeFolder = "__pycache__";

    // The earliest time that an archive can store.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>All files of a folder except hidden ones, links, and compiled files.</summary>
    /// <exception cref="CommandFailure">The folder can't be read, is too large, or has no script.</exception>
    public static PythonFolder OfFolder(string path)
    {
        var all = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        var folder = new PythonFolder();
        foreach (var file in Reading(path, () => Directory.GetFiles(path, "*", all)))
        {
            var name = Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/');
            if (name.Split('/').Any(static part => part[0] == '.' || part == BytecodeFolder)) continue;
            folder.AddFile(name, file);
        }
        return folder._files.ContainsKey(ScriptName)
            ? folder
            : throw new CommandFailure(
                $"{path} has no {ScriptName}: it needs one with a function 'def task(payload):'.");
    }

    /// <summary>The script.</summary>
    public byte[] Script => _files[ScriptName];

    /// <exception cref="CommandFailure">The archive is too large for a module.</exception>
    public byte[] ToZip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach (var (name, content) in _files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
                entry.LastWriteTime = Epoch;
                using var file = entry.Open();
                file.Write(content);
            }
        }
        return bytes.Length <= Limits.PythonFolderBytesMax ? bytes.ToArray() : throw TooLarge();
    }

    private void AddFile(string name, string path) => Reading(path, () =>
    {
        using var content = File.OpenRead(path);
        Add(name, content);
        return true;
    });

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailure($"{path} can't be read: {exception.Message}");
        }
    }

    private void Add(string name, Stream content)
    {
        using var bytes = new MemoryStream();
        var part = new byte[64 << 10];
        for (int count; (count = content.Read(part)) > 0;)
        {
            _bytes += count;
            if (_bytes > Limits.PythonFolderUnpackedBytesMax || _files.Count >= Limits.PythonFolderFilesMax)
            {
                throw TooLarge();
            }
            bytes.Write(part, 0, count);
        }
        _files[name] = bytes.ToArray();
    }

    private static CommandFailure TooLarge() => new(
        $"The folder has over {Limits.PythonFolderBytesMax >> 20} MiB zipped, " +
        $"{Limits.PythonFolderUnpackedBytesMax >> 20} MiB unpacked or {Limits.PythonFolderFilesMax} files: " +
        "that is too large for a module.");
}
