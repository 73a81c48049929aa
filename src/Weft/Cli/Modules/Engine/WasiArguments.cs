namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The arguments of a call from a module, of 32 bits or 64.
/// </summary>
/// <param name="values">As the engine passes them, 16 bytes each.</param>
internal readonly unsafe struct WasiArguments(byte* values)
{
    public const int ValueBytes = 16;

    private readonly byte* _values = values;

    public uint this[int place] => *(uint*)(_values + (ValueBytes * place));

    public ulong Long(int place) => *(ulong*)(_values + (ValueBytes * place));
}
