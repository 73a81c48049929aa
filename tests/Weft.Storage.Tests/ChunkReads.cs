using Weft.Core;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Storage.Tests;

/// <summary>Chunks as new arrays, of which tests read few.</summary>
internal static class ChunkReads
{
    public static async Task<ReadOnlyMemory<byte>?> ReadChunkAsync(
        this IModuleStore modules, ModuleHash hash, int index) =>
        await modules.ReadChunkAsync(hash, index, NewArray(out var chunk)) is { } length
            ? chunk.AsMemory(0, length)
            : (ReadOnlyMemory<byte>?)null;

    public static async Task<ReadOnlyMemory<byte>?> ReadUploadedAsync(
        this IBlobStore blobs, ModuleUploadId upload, int index) =>
        await blobs.ReadUploadedAsync(upload, index, NewArray(out var chunk)) is { } length
            ? chunk.AsMemory(0, length)
            : (ReadOnlyMemory<byte>?)null;

    private static byte[] NewArray(out byte[] chunk) => chunk = new byte[Limits.ModuleChunkBytes];
}
