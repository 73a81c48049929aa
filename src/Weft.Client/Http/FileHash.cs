using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Weft.Client.Http;

/// <summary>
/// The SHA-256 of a file in lowercase hex. Reads large blocks: the framework's own method switches threads for every 4
/// KiB.
/// </summary>
internal static class FileHash
{
    private const int BlockBytes = 1 << 20;

    /// <exception cref="IOException">The file can't be read.</exception>
    public static Task<string> ComputeAsync(SafeFileHandle file, CancellationToken cancellationToken) => Task.Run(() =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = GC.AllocateUninitializedArray<byte>((int)Math.Min(BlockBytes, RandomAccess.GetLength(file) + 1));
        for (var at = 0L; RandomAccess.Read(file, block, at) is > 0 and var read; at += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }, cancellationToken);
}
