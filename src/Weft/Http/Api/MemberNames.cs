using System.Text;
using System.Text.Json;

namespace Weft.Http.Api;

/// <summary>The members that an object may have, at most 32.</summary>
internal sealed class MemberNames(params string[] names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public string this[int index] => names[index];

    /// <summary>The index of the name at the reader's position; -1: it is not in the list.</summary>
    public int IndexOf(in Utf8JsonReader reader)
    {
        if (JsonBytes.EscapesSurrogate(reader)) return -1;
        for (var i = 0; i < _utf8.Length; i++)
        {
            if (reader.ValueTextEquals(_utf8[i])) return i;
        }

        return -1;
    }

    /// <summary>The bits of some of these names.</summary>
    public uint Mask(params ReadOnlySpan<string> some)
    {
        var mask = 0u;
        foreach (var name in some) mask |= 1u << Array.IndexOf(names, name);
        return mask;
    }

    /// <summary>The name of the lowest bit.</summary>
    public string FirstOf(uint mask) => names[System.Numerics.BitOperations.TrailingZeroCount(mask)];
}
