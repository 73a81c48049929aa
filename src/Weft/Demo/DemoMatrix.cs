using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Demo;

/// <summary>
/// Square integer matrices, by rows; as text, in the format of the existing clients: <c>[[1,2],[3,4]]</c>.
/// </summary>
internal static class DemoMatrix
{
    public const int Size = 20;

    // A sum of 20 products of such numbers is well within 32 bits.
    private const int CellMax = 99;

    public static int[][] Random(Random random) =>
        [.. Enumerable.Range(0, Size)
            .Select(_ => Enumerable.Range(0, Size).Select(_ => random.Next(-CellMax, CellMax + 1)).ToArray())];

    public static int[][] Multiply(int[][] a, int[][] b)
    {
        var product = new int[a.Length][];
        for (var row = 0; row < a.Length; row++)
        {
            product[row] = new int[b[0].Length];
            for (var k = 0; k < b.Length; k++)
            for (var column = 0; column < b[0].Length; column++)
            {
                product[row][column] += a[row][k] * b[k][column];
            }
        }

        return product;
    }

    public static string Format(int[][] matrix) => JsonSerializer.Serialize(matrix, DemoJson.Default.Int32ArrayArray);

    /// <exception cref="JsonException">The text is not a matrix.</exception>
    public static int[][] Parse(string text) =>
        JsonSerializer.Deserialize(text, DemoJson.Default.Int32ArrayArray)
            ?? throw new JsonException("null is not a matrix.");
}

/// <summary>A task's body: two matrices, each as a string within the JSON.</summary>
internal sealed record DemoFactors(
    [property: JsonPropertyName("A")] string A,
    [property: JsonPropertyName("B")] string B);

[JsonSerializable(typeof(int[][]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(DemoFactors))]
internal sealed partial class DemoJson : JsonSerializerContext;
