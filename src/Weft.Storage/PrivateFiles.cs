using System.Runtime.InteropServices;

namespace Weft.Storage;

/// <summary>
/// Files and folders that other users of a machine can neither read nor lock: stores, backups, journals and tokens
/// contain submitted data.
/// </summary>
public static partial class PrivateFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = Owner | UnixFileMode.UserExecute;
    private const uint Others = 0b000_111_111;

    /// <summary>
    /// All files that this process creates from now on, SQLite's included, are private to its user. Don't use it in
    /// processes that run other people's programs, which would inherit it.
    /// </summary>
    public static void MakeAll()
    {
        if (OperatingSystem.IsWindows()) return;
        _ = SetMask(SetMask(Others) | Others);
    }

    /// <summary>Options to create a file that is private from the start.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open) options.UnixCreateMode = Owner;
        return options;
    }

    /// <summary>Creates a private file, which must not exist; it is on disk when the call returns.</summary>
    /// <exception cref="IOException">The file exists, or the disk is full.</exception>
    public static void Create(string path, string text)
    {
        using var file = new FileStream(path, Options(FileMode.CreateNew, FileAccess.Write, FileShare.None));
        using var writer = new StreamWriter(file);
        writer.Write(text);
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    /// <summary>
    /// Replaces an existing file, which may be a link or be open in another process, by a private one. By a rename: a
    /// reader sees all of the old or all of the new one.
    /// </summary>
    /// <exception cref="IOException">The disk is full; the existing file stays.</exception>
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

    /// <summary>Creates a folder, private if it is new; an existing one stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>
    /// Removes the permissions of others that an earlier version, or a copy, left. Another user's file is left as it
    /// is.
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
            // Another user's file, in a folder that both may write to: its owner decides who reads it.
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
            // Nothing more can be done, and the reason why it couldn't be written matters more.
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
