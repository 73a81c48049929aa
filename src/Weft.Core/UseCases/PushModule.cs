using System.Security.Cryptography;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <param name="Module">What is stored under the hash; null when <paramref name="Refused"/> says why nothing is.</param>
/// <param name="IsNew">False: it was known.</param>
/// <param name="Refused">One sentence for whoever pushed; null when the module is stored, or when there are too many others.</param>
public sealed record ModulePushed(StoredModule? Module, bool IsNew, string? Refused);

/// <summary>Somebody brings a module: it is checked, hashed and stored while it arrives, a chunk at a time.</summary>
public sealed class PushModule(IModuleStore store)
{
    /// <summary>Reads <paramref name="body"/> to its end, unless it is no module of that kind. Whoever calls bounds its length.</summary>
    public async Task<ModulePushed> RunAsync(Stream body, ModuleKind kind, string? name, CancellationToken gone)
    {
        IModuleCheck check = kind == ModuleKind.JavaScript ? new JavaScriptCheck() : new WasmCheck();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Limits.ModuleChunkBytes];
        long size = 0;
        ModuleUploadId? upload = null;
        try
        {
            for (var index = 0; await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, gone) is > 0 and var read; index++)
            {
                var chunk = buffer.AsMemory(0, read);
                if (check.Feed(chunk.Span) is { } fault) return new(null, IsNew: false, fault);
                hash.AppendData(chunk.Span);
                size += read;
                upload ??= await store.BeginUploadAsync(kind, name);
                await store.AppendAsync(upload.Value, index, chunk);
            }

            if (check.Finish() is { } missing) return new(null, IsNew: false, missing);
            var stored = await store.SealAsync(upload!.Value, ModuleHash.From(hash.GetHashAndReset()), size);
            upload = null;
            return new(stored.Module, stored.IsNew, Refused: null);
        }
        finally
        {
            if (upload is { } unsealed) await store.DropUploadAsync(unsealed);
        }
    }
}
