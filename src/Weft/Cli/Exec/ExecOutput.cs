namespace Weft.Cli.Exec;

/// <summary>Keeps what a program writes to its stdout, up to a limit.</summary>
/// <param name="bytesMax">The limit.</param>
/// <param name="onOverflow">Called once, when there is more.</param>
internal sealed class ExecOutput(int bytesMax, Action onOverflow)
{
    private const int BufferBytes = 16 << 10;

    /// <returns>All of it; null when it is over the limit.</returns>
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
