using Weft.Core.Modules;

namespace Weft.Storage.Engine;

/// <summary>Modules by their hashes, and the queues that name one.</summary>
internal abstract class KnownModules : IKnownModules
{
    protected Dictionary<ModuleHash, (long Id, ModuleKind Kind)> Modules { get; } = [];

    protected Dictionary<string, ModuleCall> Queues { get; } = new(StringComparer.Ordinal);

    public bool TryFind(ModuleHash hash, out ModuleKind kind)
    {
        var found = Modules.TryGetValue(hash, out var module);
        kind = module.Kind;
        return found;
    }

    public ModuleCall? Of(string queue) => Queues.Count == 0 ? null : Queues.GetValueOrDefault(queue);

    /// <summary>The number of a module that is known.</summary>
    public long IdOf(ModuleHash hash) => Modules[hash].Id;
}
