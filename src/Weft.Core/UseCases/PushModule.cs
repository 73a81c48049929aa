using System.Security.Cryptography;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Modules.Packages;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <param name="Module">The stored module; null if there is none.</param>
/// <param name="IsNew">False: it was already stored.</param>
/// <param name="Refused">One sentence for the client; null if the module is stored, or if there are too many
/// others.</param>
/// <param name="OwnerIsFull">True: the caller has the maximum number of modules, or bytes of them.</param>
public sealed record ModulePushed(StoredModule? Module, bool IsNew, string? Refused, bool OwnerIsFull = false);

/// <summary>Checks, hashes and stores a module while it arrives, a chunk at a time.</summary>
public sealed class PushModule(IModuleStore store, ModuleJudge judge, PythonPackages packages)
{
    private const string OtherKind =
        "The coordinator already has these bytes as a module of another kind: change them, " +
            "for example by adding a comment, or have that module deleted.";

    /// <summary>
    /// Reads <paramref name="body"/> to its end, unless it is not a module of that kind. The endpoint limits its
    /// length.
    /// </summary>
    public async Task<ModulePushed> RunAsync(Caller caller, Stream body, ModuleKind kind, string? name,
        CancellationToken requestAborted)
    {
        string? misnamed = null;
        var wheel = kind == ModuleKind.Wheel ? WheelName.TryParse(name, out misnamed) : null;
        if (misnamed is not null) return new(null, IsNew: false, misnamed);
        var owner = caller.Owner;
        var check = kind.NewCheck();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Limits.ModuleChunkBytes];
        long size = 0;
        ModuleUploadId? upload = null;
        try
        {
            for (var index = 0; await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false,
                requestAborted) is > 0 and var read; index++)
            {
                var chunk = buffer.AsMemory(0, read);
                if (check.Feed(chunk.Span) is { } wrong) return new(null, IsNew: false, wrong);
                hash.AppendData(chunk.Span);
                size += read;
                upload ??= await store.BeginUploadAsync(kind, name, owner);
                if (upload is null) return new(null, IsNew: false, Refused: null, OwnerIsFull: true);
                await store.AppendAsync(upload.Value, index, chunk);
            }

            if (check.Finish() is { } missing) return new(null, IsNew: false, missing);
            if (wheel is not null
                && await packages.FindFaultAsync(wheel, upload!.Value, size, requestAborted) is { } unfit)
            {
                return new(null, IsNew: false, unfit);
            }

            var stored = await store.SealAsync(upload!.Value, ModuleHash.From(hash.GetHashAndReset()), size, owner);
            upload = null;
            if (stored.Module is { } module) judge.Note(module.Hash, check.Verdict);
            return stored.IsOfAnotherKind
                ? new(null, IsNew: false, OtherKind)
                : new(stored.Module, stored.IsNew, Refused: null, stored.OwnerIsFull);
        }
        finally
        {
            if (upload is { } unsealed) await store.DropUploadAsync(unsealed);
        }
    }
}
