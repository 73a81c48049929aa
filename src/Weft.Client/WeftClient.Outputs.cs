using System.Net;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Files that tasks have written.</content>
public sealed partial class WeftClient
{
    // A download goes on where the one before broke off; one that gets no further ends.
    private const int IdleDownloadsMax = 5;
    private static readonly TimeSpan BetweenDownloads = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Saves the files that a task has written. A file that is there already, with the same bytes, isn't fetched again;
    /// another one is replaced.
    /// </summary>
    /// <param name="outputs">As a result has them. A path that leads out of the folder is refused.</param>
    /// <param name="folder">Made if it isn't there. What lies in it must not be a link to elsewhere.</param>
    /// <exception cref="IOException">A path can't be, or a file can't be written.</exception>
    /// <exception cref="WeftException">A file can't be fetched.</exception>
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

                // A link that stands there is replaced, and not followed.
                File.Move(part, place, overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }
        }
    }

    /// <summary>Fetches what is missing of a blob at the end of a file, and verifies all of it.</summary>
    /// <param name="sha256">64 lowercase hex digits.</param>
    /// <param name="part">What is there of it, from an earlier try. Empty again when the bytes were wrong.</param>
    /// <exception cref="IOException">The bytes were changed on their way, or can't be written.</exception>
    /// <exception cref="WeftException">It can't be fetched.</exception>
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
                // All of it was there.
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
        throw new IOException($"the bytes of {sha256} were changed on their way");
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
