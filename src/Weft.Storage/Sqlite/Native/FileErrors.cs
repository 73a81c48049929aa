namespace Weft.Storage.Sqlite.Native;

/// <summary>The meaning of a file's system error: .NET passes its number on unchanged.</summary>
public static class FileErrors
{
    private const int Again = 11;
    private const int AgainApple = 35;
    private const int ReadOnlyFileSystem = 30;
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <summary>Another process has a lock on it.</summary>
    public static bool IsHeld(IOException error) =>
        error.HResult is SharingViolation || error.HResult == (OperatingSystem.IsMacOS() ? AgainApple : Again);

    /// <summary>The file system is read-only.</summary>
    public static bool IsReadOnly(IOException error) =>
        error.HResult == ReadOnlyFileSystem && !OperatingSystem.IsWindows();
}
