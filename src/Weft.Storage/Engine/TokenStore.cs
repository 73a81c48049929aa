using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The tokens, stored with the tasks: one backup has both, and every coordinator knows them.</summary>
internal sealed class TokenStore(TaskStore store, StoreReads reads) : ITokenStore
{
    public Task<StoredToken?> AddAsync(TokenGrant grant, ReadOnlyMemory<byte> hash) =>
        store.RunAsync(new AddTokenOperation(grant, hash), Admission.Progress);

    public Task<IReadOnlyList<StoredToken>?> AddFirstAsync(IReadOnlyList<FirstToken> tokens) =>
        store.RunAsync(new AddFirstTokensOperation(tokens), Admission.Progress);

    public Task<bool> RemoveAsync(TokenId id) => store.RunAsync(new RemoveTokenOperation(id), Admission.Progress);

    public Task<IReadOnlyList<StoredToken>> ListAsync() => reads.ListAsync(StoreSql.SelectTokens, StoreRows.ReadToken);
}
