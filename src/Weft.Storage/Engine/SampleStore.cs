using System.Buffers.Binary;
using Weft.Core.Storage;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>The history of metrics, stored with the tasks.</summary>
internal sealed class SampleStore(TaskStore store, StoreReads reads) : ISampleStore
{
    public Task AddAsync(string coordinator, IReadOnlyList<StoredSample> samples) =>
        store.RunAsync(new AddSamplesOperation(coordinator, samples), Admission.Progress);

    public Task<IReadOnlyList<StoredSample>> ListAsync(string coordinator) =>
        reads.ListAsync(StoreSql.SelectSamples, Read, query => query.With(coordinator));

    /// <summary>The stored form of the numbers: four bytes each, little-endian.</summary>
    public static ReadOnlyMemory<byte>? BytesOf(IReadOnlyList<float> numbers)
    {
        var bytes = new byte[numbers.Count * sizeof(float)];
        for (var i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return bytes;
    }

    private static StoredSample Read(IRow row)
    {
        var bytes = row.Bytes(2);
        var numbers = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return new(row.Time(0), row.Text(1) is { Length: > 0 } queue ? queue : null, numbers);
    }
}
