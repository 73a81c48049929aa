namespace Weft.Core.Modules;

/// <summary>The modules that an engine has found for the tasks that it is about to store.</summary>
public interface IKnownModules
{
    /// <summary>False: there is no such module, or it wasn't looked for.</summary>
    bool TryFind(ModuleHash hash, out ModuleKind kind);

    /// <summary>What tasks of a queue run that name no module themselves; null: nothing.</summary>
    ModuleCall? Of(string queue);
}
