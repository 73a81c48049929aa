using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Verification;

namespace Weft.Storage.Engine;

/// <summary>Modules by hash, and the queues that name one.</summary>
internal abstract class KnownModules : IKnownModules
{
    protected Dictionary<ModuleHash, (long Id, ModuleKind Kind)> Modules { get; } = [];

    private readonly Dictionary<string, ModuleCall> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileSet> _files = new(StringComparer.Ordinal);

    public bool TryFind(ModuleHash hash, TokenId? owner, out ModuleKind kind)
    {
        var found = TryLook(hash, out var module);
        kind = module.Kind;
        return found && kind.IsProgram && (owner is not { } known || MayName(module.Id, known));
    }

    protected Dictionary<string, VerificationPolicy> Policies { get; } = new(StringComparer.Ordinal);

    public VerificationPolicy? PolicyOf(string queue) =>
        Policies.Count == 0 ? null : Policies.GetValueOrDefault(queue);

    public ModuleCall? Of(string queue) => _queues.Count == 0 ? null : _queues.GetValueOrDefault(queue);

    public FileSet? FilesOf(string queue) => _files.Count == 0 ? null : _files.GetValueOrDefault(queue);

    /// <summary>A queue's module and files.</summary>
    protected void AddQueue(string queue, ModuleCall call)
    {
        _queues[queue] = call;
        if (call.Files is { } files) _files[queue] = FileSet.Read(files);
    }

    protected void RemoveQueue(string queue)
    {
        _queues.Remove(queue);
        _files.Remove(queue);
    }

    protected void ClearQueues()
    {
        _queues.Clear();
        _files.Clear();
    }

    /// <summary>Finds a module or a file; an engine that reads on demand queries it.</summary>
    protected virtual bool TryLook(ModuleHash hash, out (long Id, ModuleKind Kind) module) =>
        Modules.TryGetValue(hash, out module);

    /// <summary>Whether the owner has the module with this number, or it is public.</summary>
    protected abstract bool MayName(long module, TokenId owner);

    /// <summary>The number of a known module.</summary>
    public long IdOf(ModuleHash hash) => Modules[hash].Id;
}
