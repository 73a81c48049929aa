using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Cli.Map;

/// <summary>Stdout, line by line.</summary>
internal sealed partial class MapOutput : IDisposable
{
    private const int StandardOutput = 1;
    private const short PollError = 8;

    private readonly Stream _stream = Console.OpenStandardOutput();

    /// <exception cref="CommandFailure">Nobody reads any more, the disk is full, or stdout is closed.</exception>
    public void WriteLine(string line)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failure(exception.Message);
        }

        // The console's stream takes what is written to a pipe without a reader, and drops it.
        if (IsWithoutReader()) throw Failure("nobody reads it any more");
    }

    public void Dispose() => _stream.Dispose();

    private static CommandFailure Failure(string reason) => new($"The output can't be written: {reason}. The same command goes on from here.");

    private static bool IsWithoutReader()
    {
        var stdout = new PollDescriptor { File = StandardOutput };
        return Poll(ref stdout, count: 1, timeoutMilliseconds: 0) > 0 && (stdout.Seen & PollError) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Asked;
        public short Seen;
    }
}
