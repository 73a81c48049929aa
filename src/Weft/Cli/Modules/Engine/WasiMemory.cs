using System.Buffers.Binary;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The running module's memory, as the host sees it. Every address is checked: one out of range ends the module.
/// </summary>
internal sealed unsafe class WasiMemory
{
    private byte* _start;
    private ulong _length;

    /// <summary>Set at each call of the host, since the memory grows and may move.</summary>
    public void Look(byte* start, nuint length)
    {
        _start = start;
        _length = length;
    }

    public void Forget() => Look(null, 0);

    /// <summary>A part of it, valid until the module continues.</summary>
    /// <exception cref="WasiEndException">The range isn't within the memory.</exception>
    public Span<byte> Bytes(uint address, uint length)
    {
        if (length == 0) return [];
        Check(address, length);
        // No single WASI call needs a longer range.
        return new(_start + address, (int)Math.Min(length, int.MaxValue));
    }

    public uint Number(uint address) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(address, 4));

    public void Put(uint address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes(address, 4), value);

    public void Put(uint address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes(address, 8), value);

    /// <summary>Checks that the range is within the memory.</summary>
    public void Check(uint address, ulong length)
    {
        if (address + length > _length)
        {
            throw new WasiEndException(new(null,
                $"The module trapped: {length} bytes at address {address} are outside its memory"));
        }
    }
}
