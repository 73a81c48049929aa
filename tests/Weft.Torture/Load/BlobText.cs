using System.Security.Cryptography;
using System.Text;

namespace Weft.Torture.Load;

/// <summary>A file unlike all others: a JSON string, so that it comes back as every answer does.</summary>
internal static class BlobText
{
    // Of one chunk, and of two.
    private static readonly int[] PadSizes = [0, 0, 1_000, 300_000];

    public static string Next(Random random) =>
        $"\"{Guid.NewGuid():N}{new string('x', PadSizes[random.Next(PadSizes.Length)])}\"";

    /// <summary>One that is brought in pieces, each of one or more transactions.</summary>
    public static string NextLarge(Random random) =>
        $"\"{Guid.NewGuid():N}{new string('x', random.Next(600_000, 2_600_000))}\"";

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
