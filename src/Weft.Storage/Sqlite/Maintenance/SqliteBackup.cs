using Weft.Core.Storage;
using Weft.Storage.Sqlite.Native;

namespace Weft.Storage.Sqlite.Maintenance;

/// <summary>Copies a store to one file and back. A file counts as a backup only once all of it was checked.</summary>
public static class SqliteBackup
{
    private const string CopyTo = "VACUUM INTO ?";
    private const string Partial = ".partial";
    private const string Journal = "-journal";

    /// <summary>
    /// Writes the current state of a folder's store to a new file. A coordinator may be running: it isn't delayed.
    /// </summary>
    /// <exception cref="StoreException">There is no sound store, the file exists, or it can't be written.</exception>
    public static StoreFindings Create(string folder, string file)
    {
        if (Path.Exists(file))
        {
            throw Failed($"{file} already exists: choose another name; a backup never overwrites a file");
        }

        var partial = file + Partial;
        var otherwise = $"The backup {file} can't be written";
        // Under its temporary name, so that a second backup to the same file neither deletes nor uses it.
        using var held = Attempt(otherwise, partial: null, () => HoldPartial(partial, file));
        return Attempt(otherwise, partial, () =>
        {
            using (var connection = SqliteDatabase.OpenSnapshot(folder)) connection.Prepared(CopyTo)
                .Bind(Path.GetFullPath(partial)).Run();
            PrivateFiles.Tighten(partial);
            held.Flush(flushToDisk: true);
            var found = Sound(partial, "The store is damaged, so it can't be backed up");
            File.Move(partial, file);
            return found;
        });
    }

    /// <summary>Restores a backup to a folder that is empty or doesn't exist.</summary>
    /// <exception cref="StoreException">The folder isn't empty, or the file is not a complete and valid
    /// backup.</exception>
    public static StoreFindings Restore(string file, string folder)
    {
        if (Path.Exists(folder) && (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw Failed(
                $"{folder} is not empty: restore a backup into an empty folder, never over a store");
        }

        if (File.Exists(file + "-wal"))
        {
            throw Failed($"{file} is part of a store, not a backup: its log is next to it. 'weft backup' creates one");
        }

        var found = Sound(file, $"{file} is not a complete backup");
        var database = Path.Combine(folder, SqliteDatabase.FileName);
        return Attempt($"The store in {folder} can't be written", database + Partial, () =>
        {
            using var held = new SqliteFolderLock(folder);
            File.Copy(file, database + Partial);
            // The copy has the backup's mode.
            PrivateFiles.Tighten(database + Partial);
            Sync(database + Partial);
            File.Move(database + Partial, database);
            return found;
        });
    }

    private static FileStream HoldPartial(string partial, string file)
    {
        try
        {
            // The remains of an interrupted backup; a running one has the file locked.
            using var left = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            DeletePartial(partial);
        }
        catch (FileNotFoundException)
        {
            // The usual case; or a link to a file that doesn't exist.
            if (new FileInfo(partial).LinkTarget is not null) DeletePartial(partial);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's: not a backup of ours.
            DeletePartial(partial);
        }
        catch (IOException exception) when (File.Exists(partial))
        {
            throw Failed($"{file} is being written by another backup: wait until it is done", exception);
        }

        // Create it before SQLite writes to it: in a folder that others may write to, they could have created it first.
        var held = new FileStream(partial, PrivateFiles.Options(FileMode.CreateNew, FileAccess.Write, FileShare.None));
        File.Delete(partial + Journal);
        return held;
    }

    private static StoreFindings Sound(string file, string otherwise)
    {
        var found = SqliteCheck.RunOnFile(file);
        return found.IsSound ? found : throw Failed($"{otherwise}: {found.Findings[0]}");
    }

    private static void Sync(string file)
    {
        using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);
    }

    /// <param name="otherwise">The error message.</param>
    /// <param name="partial">The file to delete on failure; null for none.</param>
    /// <param name="step">The action.</param>
    private static T Attempt<T>(string otherwise, string? partial, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (
            exception is SqliteError or IOException or UnauthorizedAccessException or StoreException)
        {
            if (partial is not null && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(partial))))
            {
                DeletePartial(partial);
            }

            throw exception as StoreException ?? Failed($"{otherwise}: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>Including the journal that SQLite leaves next to it when the disk is full.</summary>
    private static void DeletePartial(string partial)
    {
        File.Delete(partial);
        File.Delete(partial + Journal);
    }

    private static StoreException Failed(string message, Exception? inner = null) =>
        SqliteDatabase.Unusable(message, inner);
}
