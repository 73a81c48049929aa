using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>
/// Guards the steps after a change that is already stored: if they fail, the client must not be told that nothing was
/// changed.
/// </summary>
internal static class OutcomeUnknownGuard
{
    /// <exception cref="StoreException">Whatever the failure was, to the client the outcome is unknown.</exception>
    public static async Task<T> RunAsync<T>(Task<T> next)
    {
        try
        {
            return await next;
        }
        catch (StoreException failure)
        {
            throw new StoreException(StoreErrorKind.Unknown, failure.Message, failure);
        }
    }
}
