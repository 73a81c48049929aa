using Weft.Core.Modules;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>
/// A module's bytes, read from the store a chunk at a time, with sequential read-ahead: a slow client holds two chunks
/// in memory, and no connection of the store.
/// </summary>
/// <param name="readChunk">Reads one chunk into an array; null: it no longer exists.</param>
internal sealed class ModuleStream(Func<int, byte[], Task<int?>> readChunk, long length) : Stream
{
    private int _index = -1;
    private ReadOnlyMemory<byte> _chunk;
    private byte[]? _shown;
    private byte[]? _other;
    private (int Index, Task<int?> Length)? _ahead;

    public ModuleStream(IModuleStore store, ModuleHash hash, long length)
        : this((index, into) => store.ReadChunkAsync(hash, index, into), length)
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
        if (index != _index) await ShowAsync((int)index);

        var read = Math.Min(buffer.Length, _chunk.Length - (int)start);
        _chunk.Slice((int)start, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    /// <summary>
    /// Completes once nothing is being read into its chunks: only then may their memory be released from the budget.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        if (_ahead is { } ahead) await ((Task)ahead.Length).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ahead = null;
        await base.DisposeAsync();
    }

    private async Task ShowAsync(int index)
    {
        var ahead = _ahead;
        _ahead = null;
        if (ahead?.Index != index)
        {
            // Two reads never write to one array.
            if (ahead is not null) await ahead.Value.Length;
            _other ??= NewChunk();
            ahead = (index, readChunk(index, _other));
        }

        var read = await ahead.Value.Length ?? throw new IOException("The module was deleted while it was read.");
        (_shown, _other) = (_other, _shown);
        _chunk = _shown.AsMemory(0, read);
        var follows = index == _index + 1;
        _index = index;
        if (!follows || (index + 1L) * Limits.ModuleChunkBytes >= length) return;
        _other ??= NewChunk();
        _ahead = (index + 1, readChunk(index + 1, _other));
    }

    private byte[] NewChunk() =>
        GC.AllocateUninitializedArray<byte>((int)Math.Min(Limits.ModuleChunkBytes, length));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Only asynchronous reads are supported.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
