using Weft.Core.Storage;

namespace Weft.Http;

/// <summary>What an answer still needs once something is stored: if that fails, the caller must not believe that nothing has happened.</summary>
internal static class AfterChange
{
    /// <exception cref="StoreException">Whatever the trouble was, the outcome isn't known to the caller.</exception>
    public static async Task<T> GoOnAsync<T>(Task<T> next)
    {
        try
        {
            return await next;
        }
        catch (StoreException trouble)
        {
            throw new StoreException(StoreTrouble.Unknown, trouble.Message, trouble);
        }
    }
}
