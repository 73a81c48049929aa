using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>
/// A module's bytes, read from the store a chunk at a time: a slow client holds one chunk in memory, and no connection
/// of the store.
/// </summary>
/// <param name="readChunk">Reads one of its chunks; null: it isn't there any more.</param>
internal sealed class ModuleStream(Func<int, Task<ReadOnlyMemory<byte>?>> readChunk, long length) : Stream
{
    private int _index = -1;
    private ReadOnlyMemory<byte> _chunk;

    public ModuleStream(IModuleStore store, ModuleHash hash, long length)
        : this(index => store.ReadChunkAsync(hash, index), length)
    {
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length) return 0;
        var (index, start) = Math.DivRem(Position, Limits.ModuleChunkBytes);
        if (index != _index)
        {
            _chunk = await readChunk((int)index)
                ?? throw new IOException("The module was deleted while it was read.");
            _index = (int)index;
        }

        var read = Math.Min(buffer.Length, _chunk.Length - (int)start);
        _chunk.Slice((int)start, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Only asynchronous reads.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
