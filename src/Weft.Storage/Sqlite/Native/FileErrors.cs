namespace Weft.Storage.Sqlite.Native;

/// <summary>What the system meant by an error of a file: .NET hands on its number as it came.</summary>
public static class FileErrors
{
    private const int Again = 11;
    private const int AgainApple = 35;
    private const int ReadOnlyFileSystem = 30;
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <summary>Somebody else has a lock on it.</summary>
    public static bool IsHeld(IOException error) =>
        error.HResult is SharingViolation || error.HResult == (OperatingSystem.IsMacOS() ? AgainApple : Again);

    /// <summary>Nobody can write there, whatever rights they have.</summary>
    public static bool IsReadOnly(IOException error) =>
        error.HResult == ReadOnlyFileSystem && !OperatingSystem.IsWindows();
}
