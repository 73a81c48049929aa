using System.Runtime.InteropServices;

namespace Weft.Storage;

/// <summary>
/// Files and folders that the other users of a machine neither read nor lock: stores, backups, journals and tokens hold
/// what was submitted.
/// </summary>
public static partial class PrivateFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = Owner | UnixFileMode.UserExecute;
    private const uint Others = 0b000_111_111;

    /// <summary>
    /// Whatever this process makes from now on, SQLite's files included, is its user's alone. Not where programs of
    /// other people are run, who would inherit it.
    /// </summary>
    public static void MakeAll()
    {
        if (OperatingSystem.IsWindows()) return;
        _ = SetMask(SetMask(Others) | Others);
    }

    /// <summary>How to open a file that is private where it is made.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open) options.UnixCreateMode = Owner;
        return options;
    }

    /// <summary>Makes a private file that isn't there yet; it is on the disk when this returns.</summary>
    /// <exception cref="IOException">It is there, or the disk is full.</exception>
    public static void Create(string path, string text)
    {
        using var file = new FileStream(path, Options(FileMode.CreateNew, FileAccess.Write, FileShare.None));
        using var writer = new StreamWriter(file);
        writer.Write(text);
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Puts a private file in the place of whatever is there, which may be a link, or be open in another process. By a
    /// rename: whoever reads it sees all of one or all of the other.
    /// </summary>
    /// <exception cref="IOException">The disk is full; what was there stays.</exception>
    public static void Replace(string path, string text)
    {
        var partial = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            Create(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            TryDelete(partial);
            throw;
        }
    }

    /// <summary>Makes a folder, private where it wasn't there; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>
    /// Takes from others what an earlier version, or a copy, left them. Whose file it isn't can't, and needn't.
    /// </summary>
    public static void Tighten(string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(file)) return;
        try
        {
            var mode = File.GetUnixFileMode(file);
            if ((mode & ~OwnerFolder) != 0) File.SetUnixFileMode(file, mode & OwnerFolder);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's file, in a folder that both may write: its owner has decided who reads it.
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be done, and why it couldn't be written is what counts.
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
