namespace Weft.Torture.Load;

/// <summary>A file that is brought in pieces, through crashes.</summary>
internal sealed class LargePush(string text)
{
    private const int ChunkBytes = 256 << 10;
    private const int ChunksMax = 7;

    public string Hash { get; } = BlobText.HashOf(text);

    public int Size => text.Length;

    /// <summary>How many bytes the coordinator said it has: where the next piece begins.</summary>
    public int Offset { get; set; }

    /// <summary>Some of the bytes that follow, or all of them.</summary>
    public string Next(Random random)
    {
        var length = random.Next(1, ChunksMax + 1) * ChunkBytes;
        return text.Substring(Offset, Math.Min(length, Size - Offset));
    }
}
