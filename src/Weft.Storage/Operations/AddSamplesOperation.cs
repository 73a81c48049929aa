using Weft.Core;
using Weft.Core.Storage;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>Stores samples, and deletes old ones.</summary>
internal sealed class AddSamplesOperation(string coordinator, IReadOnlyList<StoredSample> samples)
    : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction) => transaction.Write(statements =>
    {
        foreach (var sample in samples)
        {
            statements.Run(StoreSql.InsertSample)
                .With(sample.Minute.ToUnixTimeMilliseconds())
                .With(coordinator)
                .With(sample.Queue ?? "")
                .With(SampleStore.BytesOf(sample.Numbers));
        }

        statements.Run(StoreSql.DeleteOldSamples)
            .With((transaction.Now - Limits.QueueSamplesKeptTime).ToUnixTimeMilliseconds())
            .With((transaction.Now - Limits.SamplesKeptTime).ToUnixTimeMilliseconds());
    });
}
