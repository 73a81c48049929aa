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
    /// Writes the store of a folder, as it is at this moment, to a new file. A coordinator may be at work: it is not
    /// held up.
    /// </summary>
    /// <exception cref="StoreException">There is no sound store, the file exists, or it can't be written.</exception>
    public static StoreFindings Create(string folder, string file)
    {
        if (Path.Exists(file))
        {
            throw Failed($"{file} exists already: choose another name, since a backup never overwrites one");
        }

        var partial = file + Partial;
        var otherwise = $"The backup {file} can't be written";
        // Until it has its name: a second backup to the same file must not delete it, nor take it for its own.
        using var held = Attempt(otherwise, partial: null, () => HoldPartial(partial, file));
        return Attempt(otherwise, partial, () =>
        {
            using (var connection = SqliteDatabase.OpenSnapshot(folder)) connection.Prepared(CopyTo)
                .Bind(Path.GetFullPath(partial)).Run();
            PrivateFiles.Tighten(partial);
            held.Flush(flushToDisk: true);
            var found = Sound(partial, "The store is damaged, so this is no backup of it");
            File.Move(partial, file);
            return found;
        });
    }

    /// <summary>Makes a store of a backup in a folder that is empty or doesn't exist.</summary>
    /// <exception cref="StoreException">The folder isn't empty, or the file is no whole and sound backup.</exception>
    public static StoreFindings Restore(string file, string folder)
    {
        if (Path.Exists(folder) && (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw Failed(
                $"{folder} is not empty: a backup is restored into a folder of its own, and never over a store");
        }

        if (File.Exists(file + "-wal"))
        {
            throw Failed($"{file} is a part of a store, not a backup: its log lies beside it. 'weft backup' makes one");
        }

        var found = Sound(file, $"{file} is not a whole backup");
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
            // What a backup that was interrupted left behind; one that goes on has it locked.
            using var left = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            DeletePartial(partial);
        }
        catch (FileNotFoundException)
        {
            // The usual case; or a link that leads nowhere.
            if (new FileInfo(partial).LinkTarget is not null) DeletePartial(partial);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's: no backup of ours.
            DeletePartial(partial);
        }
        catch (IOException exception) when (File.Exists(partial))
        {
            throw Failed($"{file} is being written by another backup: wait for its end", exception);
        }

        // Ours before SQLite writes to it: in a folder that others may write, they could have made it first.
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

    /// <param name="otherwise">What has failed, for people.</param>
    /// <param name="partial">What is deleted then; null for nothing.</param>
    /// <param name="step">What is tried.</param>
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

    /// <summary>With the journal that SQLite leaves beside it when the disk is full.</summary>
    private static void DeletePartial(string partial)
    {
        File.Delete(partial);
        File.Delete(partial + Journal);
    }

    private static StoreException Failed(string message, Exception? inner = null) =>
        SqliteDatabase.Unusable(message, inner);
}
