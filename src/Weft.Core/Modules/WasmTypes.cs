namespace Weft.Core.Modules;

/// <summary>
/// The function types that a module declares. Other types are refused: their values live in a heap without a limit.
/// </summary>
internal sealed class WasmTypes
{
    private const byte Function = 0x60;
    private const byte I32 = 0x7F, I64 = 0x7E, V128 = 0x7B;
    private const byte FunctionReference = 0x70, ExternalReference = 0x6F, ExceptionReference = 0x69;

    private readonly List<(int Start, int Length)> _types = [];
    private byte[] _section = [];

    /// <summary>Reads the type section. Null, or why the module is refused.</summary>
    public string? Read(ReadOnlySpan<byte> section)
    {
        _section = section.ToArray();
        var reader = new WasmReader(section);
        var count = reader.Number();
        if (count > Limits.ModuleTypesMax && !reader.IsBroken)
            return $"The module has {count} function types; it may have {Limits.ModuleTypesMax}.";
        for (uint i = 0; i < count && !reader.IsBroken; i++)
        {
            var start = reader.Position;
            if (reader.Byte() != Function && !reader.IsBroken) return GarbageCollected;
            if (SkipValues(ref reader, Limits.ModuleParametersMax, "parameters") is { } parameters) return parameters;
            if (SkipValues(ref reader, Limits.ModuleResultsMax, "results") is { } results) return results;
            _types.Add((start, reader.Position - start));
        }

        return reader.IsBroken ? WasmContents.Unreadable(1) : null;
    }

    /// <summary>Whether a type is the one that <see cref="WasiFunctions.Types"/> describes.</summary>
    public bool Is(uint index, string expected)
    {
        if (index >= _types.Count) return false;
        var colon = expected.IndexOf(':', StringComparison.Ordinal);
        ReadOnlySpan<byte> type = [Function, (byte)colon, .. Codes(expected[..colon]),
            (byte)(expected.Length - colon - 1), .. Codes(expected[(colon + 1)..])];
        return Bytes(index).SequenceEqual(type);
    }

    /// <summary>
    /// Whether an exception of this type carries few values, and no references, through which exceptions could form an
    /// endless list.
    /// </summary>
    public bool IsSmallException(uint index)
    {
        if (index >= _types.Count) return false;
        var reader = new WasmReader(Bytes(index)[1..]);
        var count = reader.Number();
        if (count > Limits.ModuleExceptionValuesMax) return false;
        for (var i = 0; i < count; i++)
        {
            if (reader.Byte() is < V128 or > I32) return false;
        }

        return true;
    }

    private const string GarbageCollected =
        "The module uses garbage-collected types, whose memory workers can't limit; build it without them (without " +
        "the features gc and typed function references).";

    private ReadOnlySpan<byte> Bytes(uint index) =>
        _section.AsSpan(_types[(int)index].Start, _types[(int)index].Length);

    private static byte[] Codes(string letters) => [.. letters.Select(static letter => letter == 'i' ? I32 : I64)];

    private static string? SkipValues(ref WasmReader reader, int max, string what)
    {
        var count = reader.Number();
        if (count > max && !reader.IsBroken)
            return $"The module has a function or block with {count} {what}; it may have {max}.";
        for (uint i = 0; i < count && !reader.IsBroken; i++)
        {
            var isKnown =
                reader.Byte() is (>= V128 and <= I32) or FunctionReference or ExternalReference or ExceptionReference;
            if (!isKnown && !reader.IsBroken) return GarbageCollected;
        }

        return null;
    }
}
