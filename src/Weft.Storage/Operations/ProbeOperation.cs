using Weft.Storage.Engine;

namespace Weft.Storage.Operations;

/// <summary>Changes nothing: it comes through only when the store takes transactions.</summary>
internal sealed class ProbeOperation : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) => transaction.Probe();
}
