using System.Text;

namespace Weft.Cli.Exec;

/// <summary>Collects a program's stdout, up to a limit.</summary>
/// <param name="bytesMax">The limit.</param>
/// <param name="onOverflow">Called once, if the output exceeds the limit.</param>
internal sealed class ExecOutput(int bytesMax, Action onOverflow)
{
    private const int BufferBytes = 16 << 10;

    /// <returns>All of it; null if it exceeds the limit.</returns>
    public async Task<byte[]?> ReadAsync(Stream stdout)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await stdout.ReadAsync(buffer) is var count and > 0)
        {
            if (kept.Length + count > bytesMax)
            {
                onOverflow();
                return null;
            }

            kept.Write(buffer, 0, count);
        }

        return kept.ToArray();
    }
}

/// <summary>Collects the end of a program's stderr, where the cause of an error usually is.</summary>
internal static class ExecTail
{
    // Fits, together with the exit code, into the 4,096 characters that the coordinator keeps of an error.
    private const int BytesMax = 4_000;

    /// <returns>The last bytes as text, without surrounding white space; empty for none.</returns>
    public static async Task<string> ReadAsync(Stream stderr)
    {
        var kept = new byte[2 * BytesMax];
        var length = 0;
        while (await stderr.ReadAsync(kept.AsMemory(length)) is var count and > 0)
        {
            length += count;
            if (length <= BytesMax) continue;
            kept.AsSpan(length - BytesMax, BytesMax).CopyTo(kept);
            length = BytesMax;
        }

        // The cut may have split a character.
        var start = length < BytesMax ? 0 : kept.AsSpan(0, length).IndexOfAnyExceptInRange((byte)0x80, (byte)0xBF);
        return Encoding.UTF8.GetString(kept, Math.Max(start, 0), length - Math.Max(start, 0)).Trim();
    }
}
