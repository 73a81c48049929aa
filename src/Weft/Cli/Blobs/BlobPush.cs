using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Terminal;
using Weft.Contracts;

namespace Weft.Cli.Blobs;

/// <summary>Pushes a file by its path, with progress on a terminal.</summary>
internal static class BlobPush
{
    /// <exception cref="CommandFailure">The file can't be read, or was refused.</exception>
    public static async Task<BlobInfo> RunAsync(string path, RemoteApi api, CancellationToken stop)
    {
        var line = ProgressLine.OnTerminal();
        try
        {
            return await api.AskAsync(() => api.Client.PushBlobAsync(path, Show, stop));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The file {path} can't be read: {exception.Message}");
        }
        finally
        {
            line?.Clear();
        }

        void Show(long done, long total) => line?.Show(room => "MiB " +
            ProgressText.Of(done >> 20, total >> 20, isWhole: true, failed: 0, perSecond: null, room - 4));
    }
}
