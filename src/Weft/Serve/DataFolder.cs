using Weft.CommandLine;
using Weft.Storage;

namespace Weft.Serve;

/// <summary>
/// Checks whether a data folder can be trusted. Its owner, and anybody who may write to it, can replace the store's
/// database, or have the first admin token written to a file that they already have open.
/// </summary>
internal static class DataFolder
{
    /// <summary>Creates the folder, private to this user, if it doesn't exist.</summary>
    /// <exception cref="CommandFailure">The folder belongs to another user, or any user may write to it.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The store, which opens it next, reports the error.
            return;
        }

        if (UnixFile.Stranger(folder) is { } owner)
        {
            throw new CommandFailure(
                $"The data folder {folder} belongs to another user (uid {owner}), who could read and replace the " +
                $"store: run as that user, or choose another --data.");
        }

        // The group may write: container volumes belong to root and are shared by their group (fsGroup in Kubernetes),
        // and the creator of such a folder chose the group. Others may not, not even with the sticky bit: in such a
        // folder they can still create files that don't exist yet.
        if (UnixFile.IsWritableByAll(folder))
        {
            throw new CommandFailure(
                $"Any user may write to the data folder {folder}: run 'chmod o-w {folder}', or choose a folder in " +
                $"it that doesn't exist yet, such as --data {Path.Combine(folder, "weft")}.");
        }
    }
}
