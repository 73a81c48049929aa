using System.Net;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Files that tasks wrote.</content>
public sealed partial class WeftClient
{
    // An interrupted download continues where it stopped; one that makes no progress ends.
    private const int IdleDownloadsMax = 5;
    private static readonly TimeSpan BetweenDownloads = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Saves the files that a task wrote. A file that already exists with the same bytes isn't downloaded again; one
    /// with other bytes is replaced.
    /// </summary>
    /// <param name="outputs">As a result lists them. A path that leads out of the folder is refused.</param>
    /// <param name="folder">Created if it doesn't exist. It must not contain links to other places.</param>
    /// <exception cref="IOException">A path is invalid, or a file can't be written.</exception>
    /// <exception cref="WeftException">A file can't be downloaded.</exception>
    public async Task SaveOutputsAsync(
        IEnumerable<TaskOutput> outputs, string folder, CancellationToken cancellationToken = default)
    {
        foreach (var output in outputs)
        {
            var place = OutputPlace.Make(folder, output.Path);
            if (await HasAsync(place, output, cancellationToken)) continue;
            var part = System.IO.Path.Combine(folder, $".{Guid.NewGuid():n}.part");
            try
            {
                await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite))
                {
                    await DownloadBlobAsync(output.Blob, file, cancellationToken);
                }

                // An existing link is replaced, not followed.
                File.Move(part, place, overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }
        }
    }

    /// <summary>Downloads the missing rest of a blob to the end of a file, and verifies the whole file.</summary>
    /// <param name="sha256">64 lowercase hex digits.</param>
    /// <param name="part">The bytes of an earlier attempt. Emptied if the bytes were wrong.</param>
    /// <exception cref="IOException">The bytes were corrupted in transit, or can't be written.</exception>
    /// <exception cref="WeftException">The blob can't be downloaded.</exception>
    public async Task DownloadBlobAsync(string sha256, FileStream part, CancellationToken cancellationToken = default)
    {
        for (var idle = 0; ;)
        {
            var before = part.Length;
            part.Position = before;
            try
            {
                await FetchBlobAsync(sha256, before, part, cancellationToken);
                break;
            }
            catch (WeftException exception) when (exception.Status == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // All of it is already there.
                break;
            }
            catch (WeftException exception) when (exception.IsTransient)
            {
                idle = part.Length > before ? 0 : idle + 1;
                if (idle == IdleDownloadsMax) throw;
                await Task.Delay(BetweenDownloads, Time, cancellationToken);
            }
        }

        part.Position = 0;
        if (await FileHash.ComputeAsync(part.SafeFileHandle, cancellationToken) == sha256) return;
        part.SetLength(0);
        throw new IOException($"the bytes of {sha256} were corrupted in transit");
    }

    private static async Task<bool> HasAsync(string place, TaskOutput output, CancellationToken cancellationToken)
    {
        if (new FileInfo(place) is not { Exists: true, LinkTarget: null } there || there.Length != output.Size)
        {
            return false;
        }

        using var file = File.OpenHandle(place, options: FileOptions.SequentialScan);
        return await FileHash.ComputeAsync(file, cancellationToken) == output.Blob;
    }
}
