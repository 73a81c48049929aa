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

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
