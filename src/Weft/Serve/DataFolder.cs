using Weft.CommandLine;
using Weft.Storage;

namespace Weft.Serve;

/// <summary>
/// Whether a data folder can be trusted. Whoever owns it, or may write to it, can put another database in the store's
/// place, or have the first admin token written to a file that is already open.
/// </summary>
internal static class DataFolder
{
    /// <summary>Makes the folder, private, if it isn't there.</summary>
    /// <exception cref="CommandFailure">It belongs to another user, or any user may write to it.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The store, which opens it next, says what is wrong.
            return;
        }

        if (UnixFile.Stranger(folder) is { } owner)
        {
            throw new CommandFailure(
                $"The data folder {folder} belongs to another user (uid {owner}), who could read and replace the " +
                $"store: run as that user, or choose another --data.");
        }

        // The group may write: volumes of containers belong to root and are shared by their group (fsGroup in
        // Kubernetes), and whoever made such a folder chose the group. Others may not, not even with the sticky bit:
        // in such a folder they can still make files that aren't there yet.
        if (UnixFile.IsWritableByAll(folder))
        {
            throw new CommandFailure(
                $"Any user may write to the data folder {folder}: run 'chmod o-w {folder}', or choose a folder in " +
                $"it that doesn't exist yet, such as --data {Path.Combine(folder, "weft")}.");
        }
    }
}
