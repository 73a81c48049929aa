using Microsoft.Win32.SafeHandles;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Locks a data folder, and the database in it under whatever name, for one coordinator. The operating system releases
/// the locks when the process ends in any way.
/// </summary>
internal sealed class SqliteFolderLock : IDisposable
{
    private const string FileName = "weft.lock";

    private readonly string _folder;
    private readonly FileStream _file;
    private SafeFileHandle? _database;

    public SqliteFolderLock(string folder)
    {
        _folder = folder;
        try
        {
            PrivateFiles.CreateFolder(folder);
            _file = new(
                Path.Combine(folder, FileName),
                PrivateFiles.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            PrivateFiles.Tighten(_file.Name);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw SqliteDatabase.Unusable(
                $"The data folder {folder} can't be written: {exception.Message}".TrimEnd('.'), exception);
        }
        catch (IOException exception) when (FileErrors.IsHeld(exception))
        {
            throw InUse(folder, exception);
        }
        catch (IOException exception)
        {
            var failed = Directory.Exists(folder) ? "used" : "made";
            throw SqliteDatabase.Unusable(
                FileErrors.IsReadOnly(exception) ? $"The data folder {folder} is on a read-only disk"
                : $"The data folder {folder} can't be {failed}: {exception.Message}".TrimEnd('.'), exception);
        }

        try
        {
            // DOTNET_SYSTEM_IO_DISABLEFILELOCKING turns the lock above off.
            if (!FileHold.TryTake(_file.SafeFileHandle)) throw InUse(folder);
            HoldDatabase();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>
    /// Locks the database itself, if it exists: another folder may have it by a link, or by a mount. Not while this
    /// process has it open elsewhere, or SQLite's locks are lost with a handle that is closed.
    /// </summary>
    /// <exception cref="Core.Storage.StoreException">
    /// It is a link, has a second name, or is in use by another coordinator.
    /// </exception>
    public void HoldDatabase()
    {
        var path = Path.Combine(_folder, SqliteDatabase.FileName);
        if (_database is not null || !File.Exists(path)) return;
        if (File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target)
        {
            throw SqliteDatabase.Unusable(
                $"{path} is a link to {target.FullName}: " +
                "start with --data and the folder that contains the file itself");
        }

        // Each name would have a log of its own, and lose the data in the other's.
        if (UnixFile.LinkCount(path) > 1)
        {
            throw SqliteDatabase.Unusable(
                $"{path} has a second name (a hard link) through which another coordinator could use it: " +
                "copy it with 'weft backup' instead, and remove the other name");
        }

        try
        {
            _database = File.OpenHandle(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            // With the files that a crash left next to it; new ones get the database's mode.
            foreach (var end in (string[])["", "-wal", "-shm"]) PrivateFiles.Tighten(path + end);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteDatabase.Unusable($"{path} can't be written: {exception.Message}".TrimEnd('.'), exception);
        }

        if (!FileHold.TryTake(_database)) throw InUse(_folder);
    }

    public void Dispose()
    {
        if (_database is not null)
        {
            FileHold.Release(_database);
            _database.Dispose();
        }

        FileHold.Release(_file.SafeFileHandle);
        _file.Dispose();
    }

    private static Core.Storage.StoreException InUse(string folder, Exception? inner = null) =>
        SqliteDatabase.Unusable($"The data folder {folder} is in use by another coordinator", inner);
}
