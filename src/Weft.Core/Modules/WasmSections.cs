namespace Weft.Core.Modules;

/// <summary>The positions of a checked module's sections; custom ones, which aren't needed, are left out.</summary>
internal sealed class WasmSections
{
    private const int HeaderBytes = 8;
    private const byte Types = 1, Functions = 3;

    private readonly List<WasmSection> _all = [];

    public IReadOnlyList<WasmSection> All => _all;

    public static WasmSections Of(ReadOnlySpan<byte> module)
    {
        var sections = new WasmSections();
        var reader = new WasmReader(module);
        reader.Skip(HeaderBytes);
        while (reader.Position < module.Length && !reader.IsBroken)
        {
            var id = reader.Byte();
            var length = (int)reader.Number();
            if (id != 0) sections._all.Add(new(id, new(reader.Position, reader.Position + length)));
            reader.Skip(length);
        }

        return sections;
    }

    /// <summary>A section's content; empty if there is none.</summary>
    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> module, byte id) =>
        _all.Find(section => section.Id == id) is { } found ? module[found.Content] : [];

    /// <summary>The number of parameters of each function with code, by its index.</summary>
    public Func<int, int> ParametersOf(ReadOnlySpan<byte> module)
    {
        var types = new List<int>();
        var reader = new WasmReader(Content(module, Types));
        for (var left = reader.Number(); left > 0 && !reader.IsBroken; left--)
        {
            reader.Skip(1);
            var parameters = (int)reader.Number();
            reader.Skip(parameters);
            reader.Skip((int)reader.Number());
            types.Add(parameters);
        }

        var functions = new List<int>();
        reader = new WasmReader(Content(module, Functions));
        for (var left = reader.Number(); left > 0 && !reader.IsBroken; left--) functions.Add((int)reader.Number());
        return place => functions.ElementAtOrDefault(place) is >= 0 and var type && type < types.Count ? types[type]
            : 0;
    }
}

/// <param name="Id">Its kind.</param>
/// <param name="Content">Its position in the module.</param>
internal sealed record WasmSection(byte Id, Range Content);
