using System.Text.Json;

namespace Weft.Demo;

/// <summary>One multiplication that the demo asks for.</summary>
/// <param name="Index">Its place in the demo, from 0.</param>
/// <param name="Body">What is submitted.</param>
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
