using System.Collections.Concurrent;
using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>
/// How repeatable modules are. Determined from their bytes at the push and kept in memory; after a restart, when they
/// are listed. Safe for use by many threads.
/// </summary>
public sealed class ModuleJudge(IModuleStore store) : IDisposable
{
    private readonly ConcurrentDictionary<ModuleHash, ModuleVerdict> _known = new();
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>Stores the finding of a push.</summary>
    public void Note(ModuleHash hash, ModuleVerdict? verdict)
    {
        if (verdict is not { } known) return;
        if (_known.Count >= 2 * Limits.ModulesMax) _known.Clear();
        _known[hash] = known;
    }

    /// <summary>Null: not known yet, or unknown for this kind of module.</summary>
    public ModuleVerdict? Find(ModuleHash hash) => _known.TryGetValue(hash, out var verdict) ? verdict : null;

    /// <summary>Reads the first of these modules that aren't known; the rest is left for another time.</summary>
    public async Task ReadAsync(IReadOnlyList<StoredModule> modules, CancellationToken stop)
    {
        if (modules.All(module => module.Kind != ModuleKind.Wasm || _known.ContainsKey(module.Hash))) return;
        await _reading.WaitAsync(stop);
        try
        {
            long bytes = 0;
            foreach (var module in modules)
            {
                if (module.Kind != ModuleKind.Wasm || _known.ContainsKey(module.Hash)) continue;
                Note(module.Hash, await ReadAsync(module, stop));
                bytes += module.Size;
                if (bytes >= Limits.ModuleVerdictBytesMax) return;
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<ModuleVerdict?> ReadAsync(StoredModule module, CancellationToken stop)
    {
        var check = module.Kind.NewCheck();
        var chunk = new byte[Limits.ModuleChunkBytes];
        for (var index = 0; await store.ReadChunkAsync(module.Hash, index, chunk) is { } length; index++)
        {
            stop.ThrowIfCancellationRequested();
            // A module stored before this check existed may not pass it.
            if (check.Feed(chunk.AsSpan(0, length)) is not null) return ModuleVerdict.Unknown;
        }

        return check.Finish() is null ? check.Verdict : ModuleVerdict.Unknown;
    }
}
