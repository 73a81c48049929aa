using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Weft.Http;

namespace Weft.Tests.Bounds;

public sealed class ReceiveBlocksTests : IDisposable
{
    private const int SmallBytes = 4_096;

    private readonly MemoryPool<byte> _pool = new ReceiveBlocks(new SmallBlocks()).Create();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void ABlock_IsLargeOnceMuchIsExpected_AndOnlyTheNextOne()
    {
        Assert.Equal(SmallBytes, RentBytes());
        Assert.Equal(ReceiveBlocks.LargeBytes, RentLarge().Memory.Length);
        Assert.Equal(SmallBytes, RentBytes());
    }

    [Fact]
    public void LargeBlocks_AreFew_AndUsedAgain()
    {
        var taken = new List<IMemoryOwner<byte>>();
        for (var block = 0; block < ReceiveBlocks.LargeMax; block++) taken.Add(RentLarge());
        Assert.All(taken, static block => Assert.Equal(ReceiveBlocks.LargeBytes, block.Memory.Length));
        Assert.Equal(SmallBytes, RentLarge().Memory.Length);

        taken[^1].Dispose();
        var again = RentLarge();
        Assert.Same(taken[^1], again);
        Assert.Equal(SmallBytes, RentLarge().Memory.Length);
    }

    private IMemoryOwner<byte> RentLarge()
    {
        ReceiveBlocks.ExpectLarge();
        return _pool.Rent(1);
    }

    private int RentBytes()
    {
        using var block = _pool.Rent(1);
        return block.Memory.Length;
    }

    private sealed class SmallBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
    {
        public override int MaxBufferSize => SmallBytes;

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Block();

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[SmallBytes];

            public void Dispose()
            {
            }
        }
    }
}
