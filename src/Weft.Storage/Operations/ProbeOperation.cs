using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Changes nothing: it succeeds only if the store accepts transactions.</summary>
internal sealed class ProbeOperation : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) => transaction.Probe();
}
