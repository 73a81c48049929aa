namespace Weft.Storage.Sqlite;

/// <summary>
/// Holds a data folder for one coordinator. The operating system lets go of the lock when the process ends, however it ends.
/// </summary>
internal sealed class SqliteFolderLock : IDisposable
{
    private readonly FileStream _file;

    public SqliteFolderLock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            _file = new(Path.Combine(folder, "weft.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw SqliteDatabase.Unusable($"The data folder {folder} can't be written: {exception.Message}".TrimEnd('.'), exception);
        }
        catch (IOException exception)
        {
            throw SqliteDatabase.Unusable(Directory.Exists(folder)
                ? $"The data folder {folder} is in use by another coordinator"
                : $"The data folder {folder} can't be made: {exception.Message}".TrimEnd('.'), exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
