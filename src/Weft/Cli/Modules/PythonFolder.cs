using System.IO.Compression;
using System.Text;
using Weft.Core;

namespace Weft.Cli.Modules;

/// <summary>
/// The zip archive that is pushed for a folder, or for a script with packages: the same bytes for the same files,
/// whenever it is made.
/// </summary>
internal sealed class PythonFolder
{
    public const string ScriptName = "task.py";

    private const string BytecodeFolder = "__pycache__";

    // The first that an archive can tell.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>All of a folder but what is hidden, links, and compiled files.</summary>
    /// <exception cref="CommandFailure">It can't be read, is too large, or has no script.</exception>
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

    public static PythonFolder OfScript(string path)
    {
        var folder = new PythonFolder();
        folder.AddFile(ScriptName, path);
        return folder;
    }

    /// <summary>The script.</summary>
    public byte[] Script => _files[ScriptName];

    /// <summary>Adds what is in a wheel.</summary>
    /// <exception cref="CommandFailure">It is none, or one of compiled code.</exception>
    public void AddWheel(string path)
    {
        // Name, version, tags: https://packaging.python.org/en/latest/specifications/binary-distribution-format.
        if (Path.GetExtension(path) != ".whl"
            || Path.GetFileNameWithoutExtension(path).Split('-') is not [.., var abi, var platform])
        {
            throw new CommandFailure($"{path} is not a wheel: --package takes files like idna-3.4-py3-none-any.whl.");
        }
        if ((abi, platform) is not ("none", "any"))
        {
            throw new CommandFailure(
                $"{path} has code for {platform}; only wheels of pure Python (…-none-any.whl) run everywhere.");
        }

        Reading(path, () =>
        {
            using var wheel = ZipFile.OpenRead(path);
            foreach (var entry in wheel.Entries.Where(static entry => entry.Name.Length > 0))
            {
                using var content = entry.Open();
                Add(entry.FullName, content, path);
            }
            return true;
        });
    }

    /// <exception cref="CommandFailure">It has too many bytes for a module.</exception>
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
        Add(name, content, path);
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

    // Counted unpacked, as they come: an archive may say anything of its files' sizes.
    private void Add(string name, Stream content, string from)
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
        if (_files.TryGetValue(name, out var present) && !bytes.ToArray().AsSpan().SequenceEqual(present))
        {
            throw new CommandFailure($"{from} has another {name} than what it is sent with.");
        }
        _files[name] = bytes.ToArray();
    }

    private static CommandFailure TooLarge() => new(
        $"The folder and its packages have over {Limits.PythonFolderBytesMax >> 20} MiB zipped, " +
        $"{Limits.PythonFolderUnpackedBytesMax >> 20} MiB unpacked or {Limits.PythonFolderFilesMax} files: " +
        "a module may have no more.");
}
