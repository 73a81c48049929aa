using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Weft.Http;

/// <summary>
/// Memory for what is received. The server receives into blocks of 4 KiB, which each connection keeps while it waits.
/// For a large body that is a call of the system for each 4 KiB; so there are a few larger blocks, too. Who reads such
/// a body says so, and the next block that is asked for on that thread is a large one. Where another connection gets
/// it, or none is left, the body only comes more slowly.
/// </summary>
/// <param name="others">Makes the server's own.</param>
internal sealed class ReceiveBlocks(IMemoryPoolFactory<byte> others) : IMemoryPoolFactory<byte>
{
    internal const int LargeBytes = 64 << 10;
    internal const int LargeMax = 16;

    [ThreadStatic]
    private static bool t_expectsLarge;

    private readonly ConcurrentBag<LargeBlock> _free = [];
    private int _made;

    /// <summary>Much is about to be received.</summary>
    public static void ExpectLarge() => t_expectsLarge = true;

    /// <summary>Has the server take its memory from here.</summary>
    public static void Use(IServiceCollection services)
    {
        var own = services.Last(static service => service.ServiceType == typeof(IMemoryPoolFactory<byte>));
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider =>
            new ReceiveBlocks((IMemoryPoolFactory<byte>)own.ImplementationFactory!(provider)));
    }

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool(this, others.Create(options));

    private LargeBlock? TryTake()
    {
        if (!t_expectsLarge) return null;
        t_expectsLarge = false;
        if (_free.TryTake(out var block)) return block;
        if (Interlocked.Increment(ref _made) <= LargeMax) return new(_free);
        Interlocked.Decrement(ref _made);
        return null;
    }

    private sealed class Pool(ReceiveBlocks blocks, MemoryPool<byte> others) : MemoryPool<byte>
    {
        // Whoever wants more than this gets memory that no pool has.
        public override int MaxBufferSize => others.MaxBufferSize;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
            blocks.TryTake() ?? others.Rent(minBufferSize);

        protected override void Dispose(bool disposing)
        {
            if (disposing) others.Dispose();
        }
    }

    private sealed class LargeBlock(ConcurrentBag<LargeBlock> free) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(LargeBytes, pinned: true);

        public Memory<byte> Memory => MemoryMarshal.CreateFromPinnedArray(_bytes, 0, _bytes.Length);

        public void Dispose() => free.Add(this);
    }
}
