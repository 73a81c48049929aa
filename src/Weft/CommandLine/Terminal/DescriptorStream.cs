using System.Runtime.InteropServices;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// Writes to a descriptor, and never throws: the first failure is kept, and later writes are dropped. The console's own
/// stream throws if the disk is full, and doesn't report a pipe without a reader.
/// </summary>
internal sealed partial class DescriptorStream(int descriptor) : Stream
{
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const short PollOutput = 4;
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    private int? _error;

    /// <summary>Why writing failed, human-readable; null if it hasn't.</summary>
    public string? Failure => _error is { } error ? Marshal.GetPInvokeErrorMessage(error) : null;

    /// <summary>True: it is a pipe without a reader.</summary>
    public bool IsReaderGone => _error == BrokenPipe;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* first = buffer)
        {
            for (var done = 0; done < buffer.Length && _error is null;)
            {
                var written = Write(descriptor, first + done, (nuint)(buffer.Length - done));
                if (written >= 0) done += (int)written;
                else Note(Marshal.GetLastPInvokeError());
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Note(int error)
    {
        if (error == Interrupted) return;
        if (error != WouldBlock) _error = error;
        // Another process has made it non-blocking.
        else WaitUntilWritable();
    }

    private void WaitUntilWritable()
    {
        var wanted = new PollDescriptor { File = descriptor, Asked = PollOutput };
        _ = Poll(ref wanted, count: 1, timeoutMilliseconds: -1);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int File;
        public short Asked;
        public short Seen;
    }
}
