namespace Weft.Core.Modules;

/// <summary>
/// Where the sections of a checked module are; custom ones, of which nothing is needed, are left out.
/// </summary>
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

    /// <summary>A section's content; empty where there is none.</summary>
    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> module, byte id) =>
        _all.Find(section => section.Id == id) is { } found ? module[found.Content] : [];

    /// <summary>How many parameters each function has that has code, by its place.</summary>
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

/// <param name="Id">What it is.</param>
/// <param name="Content">Where, within the module.</param>
internal sealed record WasmSection(byte Id, Range Content);
