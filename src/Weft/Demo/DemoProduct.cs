using System.Text.Json;

namespace Weft.Demo;

/// <summary>One multiplication of the demo.</summary>
/// <param name="Index">Its position, from 0.</param>
/// <param name="Body">The task's body.</param>
/// <param name="Expected">The product, as the worker must write it.</param>
internal sealed record DemoProduct(int Index, ReadOnlyMemory<byte> Body, string Expected)
{
    public static DemoProduct Random(int index, Random random)
    {
        var (a, b) = (DemoMatrix.Random(random), DemoMatrix.Random(random));
        var factors = new DemoFactors(DemoMatrix.Format(a), DemoMatrix.Format(b));
        return new(index, JsonSerializer.SerializeToUtf8Bytes(factors, DemoJson.Default.DemoFactors),
            DemoMatrix.Format(DemoMatrix.Multiply(a, b)));
    }
}
