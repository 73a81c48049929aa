using System.Text.Json;
using Weft.Client.Http;
using Weft.Contracts;

namespace Weft.Client;

/// <content>Blobs: files that tasks find at paths, named by their hash.</content>
public sealed partial class WeftClient
{
    // A multiple of the coordinator's chunk size. The first is smaller than the limits of common proxies.
    private const int BlobPieceBytesMin = 512 << 10;
    private const int BlobPieceBytesFirst = 8 << 20;
    private const long BlobPieceBytesMax = 128 << 20;
    private static readonly TimeSpan BlobPieceTimeMax = TimeSpan.FromSeconds(2);

    private const string BytesType = "application/octet-stream";

    /// <summary>
    /// Pushes a file. Bytes that the coordinator already has, for example from an interrupted push, aren't sent again.
    /// </summary>
    /// <param name="path">The file; it must not change during the push.</param>
    /// <param name="progress">Called with the bytes transferred and the total; null for none.</param>
    /// <returns>Its <see cref="BlobInfo.Sha256"/> is the value for <see cref="RunFile.Blob"/>.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="WeftException">The blob was refused, or could not be pushed.</exception>
    public Task<BlobInfo> PushBlobAsync(string path, Action<long, long>? progress = null,
        CancellationToken cancellationToken = default) =>
        PushAsync(path, static blob => $"blobs/{blob}", lease: null, progress, cancellationToken);

    /// <summary>Pushes a file that a task wrote. The handler's return value is stored with it in one step.</summary>
    /// <param name="task">A task whose submitter asked for files (<see cref="ModuleRun.OutMb"/>).</param>
    /// <param name="name">Its path relative to <c>out</c>, with slashes.</param>
    /// <param name="path">The file; it must not change during the push.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="WeftException">The blob was refused, or could not be pushed.</exception>
    public async Task PushOutputAsync(Work.WorkerTask task, string name, string path,
        CancellationToken cancellationToken = default)
    {
        var info = await PushAsync(path, blob => $"{Path(task.Id)}/outputs/{blob}", task.LeaseToken, progress: null,
            cancellationToken);
        task.AddOutput(new(name, info.Sha256, info.Size));
    }

    private async Task<BlobInfo> PushAsync(string path, Func<string, string> place, string? lease,
        Action<long, long>? progress, CancellationToken cancellationToken)
    {
        // Open until the end, so that systems with file locks keep others from writing to it.
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var size = RandomAccess.GetLength(file);
        var at = place(await FileHash.ComputeAsync(file, cancellationToken));
        var (piece, most) = ((long)BlobPieceBytesFirst, BlobPieceBytesMax);
        // Without a body: asks where to begin.
        var answer = await PushPieceAsync(at, lease, size, 0, () => Stream.Null, cancellationToken);
        while (answer.Blob is null)
        {
            var offset = answer.Offset;
            progress?.Invoke(offset, size);
            var (began, bytes) = (Time.GetTimestamp(), Math.Min(piece, size - offset));
            try
            {
                answer = await PushPieceAsync(
                    at, lease, size, offset, () => new FilePiece(path, offset, bytes), cancellationToken);
            }
            // A proxy's limit: the coordinator's own response would have a code.
            catch (WeftException refused) when (refused is { Code: null, IsTooLarge: true }
                && bytes > BlobPieceBytesMin)
            {
                piece = most = Math.Max(bytes / 4, BlobPieceBytesMin);
                continue;
            }

            // About as much as a connection transfers in a moment: an interrupted piece may have to be sent again.
            if (Time.GetElapsedTime(began) < BlobPieceTimeMax) piece = Math.Min(2 * piece, most);
        }

        progress?.Invoke(size, size);
        return answer.Blob;
    }

    /// <summary>Downloads a blob, from an offset to its end, into a stream. The bytes are not verified here.</summary>
    /// <param name="sha256">64 lowercase hex digits.</param>
    /// <param name="offset">How many of its bytes are already there.</param>
    /// <param name="into">Where to write the remaining bytes, at its current position. An interrupted attempt has
    /// written some of them.</param>
    public Task FetchBlobAsync(string sha256, long offset, Stream into, CancellationToken cancellationToken = default)
    {
        var path = $"blobs/{Uri.EscapeDataString(sha256)}";
        var request = WeftRequest.Get(path) with { IsRetried = false, From = offset };
        return Api.SendAsync(request, async (response, until) =>
        {
            if (offset > 0 && response.StatusCode != System.Net.HttpStatusCode.PartialContent)
            {
                throw new JsonException("The response is not the requested range.");
            }
            await using var body = await response.Content.ReadAsStreamAsync(until);
            await body.CopyToAsync(into, until);
            return true;
        }, cancellationToken);
    }

    /// <summary>Lists blobs, oldest first.</summary>
    public async IAsyncEnumerable<BlobInfo> ListBlobsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (string? after = ""; after is not null;)
        {
            var page = await Api.SendAsync(
                WeftRequest.Get(after.Length == 0 ? "blobs?limit=1000" : $"blobs?limit=1000&after={after}"),
                WireJson.Default.BlobList, cancellationToken);
            foreach (var blob in page.Blobs) yield return blob;
            after = page.Next;
        }
    }

    private async Task<(BlobInfo? Blob, long Offset)> PushPieceAsync(
        string place, string? lease, long size, long offset, Func<Stream> piece, CancellationToken cancellationToken)
    {
        var request = WeftRequest.Put($"{place}?offset={offset}&size={size}", piece, BytesType) with { Lease = lease };
        try
        {
            return await Api.SendAsync<(BlobInfo?, long)>(request, async (response, until) =>
                response.StatusCode == System.Net.HttpStatusCode.Accepted
                    ? (null, (await WeftAnswer.ReadAsync(response, WireJson.Default.BlobOffset, until)).Offset)
                    : (await WeftAnswer.ReadAsync(response, WireJson.Default.BlobInfo, until), size),
                cancellationToken);
        }
        catch (WeftException elsewhere) when (elsewhere is { Code: ProblemCodes.WrongOffset, Offset: { } there })
        {
            if (there < 0 || there > size) throw;
            return (null, there);
        }
    }
}
