using Weft.Core.Access;
using Weft.Core.Verification;

namespace Weft.Core.Modules;

/// <summary>The modules that an engine has found for the tasks that it is about to store.</summary>
public interface IKnownModules
{
    /// <summary>False: there is no such module, or it wasn't looked for, or this owner may not use it.</summary>
    /// <param name="hash">The module.</param>
    /// <param name="owner">The owner whose modules may be used, besides public ones; null: any.</param>
    /// <param name="kind">Its kind.</param>
    bool TryFind(ModuleHash hash, TokenId? owner, out ModuleKind kind);

    /// <summary>The verification policy for a queue's tasks without their own; null: none.</summary>
    VerificationPolicy? PolicyOf(string queue);

    /// <summary>The module for a queue's tasks that name none themselves, and how to run it; null: none.</summary>
    ModuleCall? Of(string queue);

    /// <summary>The files for a queue's tasks that name neither a module nor files; null: none.</summary>
    FileSet? FilesOf(string queue);
}
