using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// Reads the contents of a section of a WebAssembly module. A read past its end returns 0 and sets
/// <see cref="IsBroken"/>.
/// </summary>
internal ref struct WasmReader(ReadOnlySpan<byte> section)
{
    private const int NumberBytesMax = 5;
    private const int WideNumberBytesMax = 10;
    private const int NameCharsShown = 64;

    private readonly ReadOnlySpan<byte> _section = section;

    public int Position { get; private set; }

    /// <summary>Whether a read went past the end.</summary>
    public bool IsBroken { get; private set; }

    public byte Byte()
    {
        if (Position < _section.Length) return _section[Position++];
        IsBroken = true;
        return 0;
    }

    /// <summary>
    /// LEB128: seven bits per byte, lowest first. Larger numbers, of 64-bit memories, are read as the largest of 32
    /// bits.
    /// </summary>
    public uint Number()
    {
        ulong value = 0;
        for (var i = 0; i < NumberBytesMax; i++)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if ((next & 0x80) == 0) break;
            IsBroken |= i == NumberBytesMax - 1;
        }

        return (uint)Math.Min(value, uint.MaxValue);
    }

    /// <summary>Skips bytes.</summary>
    public void Skip(int count)
    {
        IsBroken |= count > _section.Length - Position;
        Position = Math.Min(Position + count, _section.Length);
    }

    /// <summary>Skips numbers of up to 64 bits, signed or unsigned.</summary>
    public void SkipNumbers(int count)
    {
        for (var left = count; left > 0; left--)
        {
            for (var i = 0; (Byte() & 0x80) != 0; i++) IsBroken |= i == WideNumberBytesMax - 1;
        }
    }

    public ReadOnlySpan<byte> Name()
    {
        var length = Number();
        if (length > _section.Length - Position)
        {
            IsBroken = true;
            return [];
        }

        var name = _section.Slice(Position, (int)length);
        Position += (int)length;
        return name;
    }

    /// <summary>An untrusted name, made safe to print in a message.</summary>
    public static string Shown(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name[..Math.Min(name.Length, NameCharsShown)]);
        return string.Concat(
            text.Select(static letter =>
                letter is < ' ' or '"' or (>= '\u007F' and < '\u00A0') || char.IsSurrogate(letter) ? '?' : letter));
    }
}
