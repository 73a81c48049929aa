using Weft.Core.Access;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>Records manual actions after they are done, and lists them. Reading requires the scope admin.</summary>
public sealed class AuditTrail(IAuditStore store)
{
    /// <exception cref="StoreException"> The entry could not be stored; to the client the outcome is unknown, since the
    /// action was done.
    /// </exception>
    public Task NoteAsync(Caller caller, string action, string subject, string? detail = null) =>
        OutcomeUnknownGuard.RunAsync(AddAsync(caller, action, subject, detail));

    /// <returns>Null: the caller may not read it.</returns>
    public async Task<AuditPage?> ListAsync(Caller caller, long? before, int limit) =>
        caller.Has(Scope.Admin) ? await store.ListAsync(before, limit) : null;

    private async Task<bool> AddAsync(Caller caller, string action, string subject, string? detail)
    {
        await store.AddAsync(new(caller.Owner, caller.Token?.Grant.Name), action, subject, detail);
        return true;
    }
}
