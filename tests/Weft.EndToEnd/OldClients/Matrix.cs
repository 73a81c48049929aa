using System.Text.Json;

namespace Weft.EndToEnd.OldClients;

/// <summary>Integer matrices as the old clients write them: <c>[[1,2],[3,4]]</c>.</summary>
internal static class Matrix
{
    public static int[][] Random(Random random, int size) =>
        [.. Enumerable.Range(0, size)
            .Select(_ => Enumerable.Range(0, size).Select(_ => random.Next(-9, 10)).ToArray())];

    public static int[][] Multiply(int[][] a, int[][] b) =>
        [.. a.Select(row => b[0].Select((_, column) => row.Select((value, k) => value * b[k][column]).Sum())
            .ToArray())];

    public static int[][] Parse(string text) => JsonSerializer.Deserialize<int[][]>(text)!;

    public static string Format(int[][] matrix) => JsonSerializer.Serialize(matrix);
}
