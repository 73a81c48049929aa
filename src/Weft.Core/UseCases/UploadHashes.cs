using System.Security.Cryptography;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>
/// The hashes of uploads between their pieces, so that what this process has taken in isn't read back at the end. Those
/// that are gone cost a read of the whole. Safe for use by many threads.
/// </summary>
internal sealed class UploadHashes
{
    // An upload that ends in another way leaves its hash here, a few hundred bytes.
    private const int CountMax = 64;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<long, (long Bytes, IncrementalHash Hash)> _hashes = [];

    /// <summary>The hash of an upload's first bytes, for the caller alone; null: it isn't known.</summary>
    public IncrementalHash? Take(ModuleUploadId upload, long bytes)
    {
        lock (_gate)
        {
            if (!_hashes.Remove(upload.Value, out var known)) return null;
            if (known.Bytes == bytes) return known.Hash;
            known.Hash.Dispose();
            return null;
        }
    }

    /// <param name="upload">Whose.</param>
    /// <param name="bytes">How many bytes it covers, all of which are stored.</param>
    /// <param name="hash">The caller's no more; null: it isn't known.</param>
    public void Keep(ModuleUploadId upload, long bytes, IncrementalHash? hash)
    {
        if (hash is null) return;
        lock (_gate)
        {
            if (_hashes.Remove(upload.Value, out var other)) other.Hash.Dispose();
            if (_hashes.Count >= CountMax)
            {
                _hashes.GetAt(0).Value.Hash.Dispose();
                _hashes.RemoveAt(0);
            }

            _hashes.Add(upload.Value, (bytes, hash));
        }
    }
}
