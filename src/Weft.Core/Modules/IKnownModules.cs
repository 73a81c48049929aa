using Weft.Core.Access;
using Weft.Core.Verification;

namespace Weft.Core.Modules;

/// <summary>The modules that an engine has found for the tasks that it is about to store.</summary>
public interface IKnownModules
{
    /// <summary>False: there is no such module, or it wasn't looked for, or this owner may not name it.</summary>
    /// <param name="hash">The module.</param>
    /// <param name="owner">Whose modules may be named, besides those that are open to all; null: any.</param>
    /// <param name="kind">What it is.</param>
    bool TryFind(ModuleHash hash, TokenId? owner, out ModuleKind kind);

    /// <summary>When results of a queue's tasks are believed that don't say; null: at once.</summary>
    VerificationPolicy? PolicyOf(string queue);

    /// <summary>What tasks of a queue run that name no module themselves, and how; null: nothing.</summary>
    ModuleCall? Of(string queue);

    /// <summary>The files of tasks of a queue that name neither a module nor files; null: none.</summary>
    FileSet? FilesOf(string queue);
}
