using System.Buffers.Binary;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The memory of the module that runs, as its system sees it. Every address is checked: what is outside ends the
/// module.
/// </summary>
internal sealed unsafe class WasiMemory
{
    private byte* _start;
    private ulong _length;

    /// <summary>Where it is now, at each call of the system: it grows, and may move.</summary>
    public void Look(byte* start, nuint length)
    {
        _start = start;
        _length = length;
    }

    public void Forget() => Look(null, 0);

    /// <summary>Bytes of it, valid until the module goes on.</summary>
    /// <exception cref="WasiEndException">They aren't all within it.</exception>
    public Span<byte> Bytes(uint address, uint length)
    {
        if (length == 0) return [];
        Check(address, length);
        // More than that is nothing that a system hands out or takes at once.
        return new(_start + address, (int)Math.Min(length, int.MaxValue));
    }

    public uint Number(uint address) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(address, 4));

    public void Put(uint address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Bytes(address, 4), value);

    public void Put(uint address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Bytes(address, 8), value);

    /// <summary>That so many bytes are there.</summary>
    public void Check(uint address, ulong length)
    {
        if (address + length > _length)
        {
            throw new WasiEndException(new(null,
                $"The module trapped: {length} bytes at address {address} are outside of its memory"));
        }
    }
}
