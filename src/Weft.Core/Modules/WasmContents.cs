using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// Whether a module is a WASI command that a worker can run within limits, as far as its sections show: a module that
/// can never run is refused when it is pushed rather than failing each task. The worker page checks again
/// (wasm-box.js), since modules may have been stored before.
/// </summary>
internal sealed class WasmContents
{
    private const byte FunctionKind = 0, MemoryKind = 2;
    private const byte HasMaximum = 1, IsShared = 2, Is64Bit = 4;
    private const byte FunctionReference = 0x70, ExternalReference = 0x6F;

    private readonly WasmTypes _types = new();
    private bool _hasMemory, _hasStart, _isReactor;

    /// <summary>What its imports say about how repeatable it is.</summary>
    public ModuleVerdict Verdict { get; private set; }

    /// <summary>The sections that <see cref="Read"/> needs, by their ids.</summary>
    public static bool Wants(int section) => section is 1 or 2 or 4 or 5 or 6 or 7 or 13;

    /// <summary>Null, or one sentence that says why the module is refused.</summary>
    public string? Read(int section, ReadOnlySpan<byte> content) => section switch
    {
        1 => _types.Read(content),
        2 => ReadImports(content),
        4 => ReadTables(content),
        5 => ReadMemories(content),
        6 => ReadGlobals(content),
        7 => ReadExports(content),
        13 => ReadTags(content),
        _ => null,
    };

    /// <summary>The part of a command that this module lacks; null if nothing is missing.</summary>
    public string? Finish() =>
        !_hasMemory ? "The module doesn't export a memory named \"memory\": it is not a WASI command." :
        _hasStart ? null :
        _isReactor
            ? "The module is a WASI reactor, a library without _start; build it as a command, with a main function." :
        "The module doesn't export a function _start: it is not a WASI command, or has no main function.";

    public static string Unreadable(int section) => $"Section {section} of the module can't be read.";

    private string? ReadImports(ReadOnlySpan<byte> content)
    {
        var reader = new WasmReader(content);
        var count = reader.Number();
        for (uint i = 0; i < count; i++)
        {
            var module = reader.Name();
            var name = reader.Name();
            var kind = reader.Byte();
            var type = reader.Number();
            if (reader.IsBroken) break;
            if (CheckImport(module, name, kind, type) is { } fault) return fault;
        }

        return reader.IsBroken ? Unreadable(2) : null;
    }

    private string? CheckImport(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name, byte kind, uint type)
    {
        var shown = $"\"{WasmReader.Shown(name)}\" from \"{WasmReader.Shown(module)}\"";
        if (kind == MemoryKind)
            return $"The module imports its memory, {shown}, as threads do; build it without threads (wasm32-wasip1).";
        if (!module.SequenceEqual(Encoding.UTF8.GetBytes(WasiFunctions.Module)))
        {
            return $"The module imports {shown}; " +
                $"workers provide only WASI preview 1 ({WasiFunctions.Module}).";
        }

        if (kind != FunctionKind || !WasiFunctions.Types.TryGetValue(Encoding.UTF8.GetString(name), out var expected))
            return $"The module imports {shown}, which WASI preview 1 doesn't have.";
        Verdict |= VerdictOf(name);
        return _types.Is(type, expected) ? null
            : $"The module imports {shown} as a function of a different type from WASI preview 1's.";
    }

    private static ModuleVerdict VerdictOf(ReadOnlySpan<byte> import) =>
        import.SequenceEqual("random_get"u8) ? ModuleVerdict.Random :
        import.StartsWith("environ_"u8) ? ModuleVerdict.Environment :
        import.StartsWith("clock_"u8) || import.SequenceEqual("poll_oneoff"u8) ? ModuleVerdict.Clock : 0;

    private static string? ReadTables(ReadOnlySpan<byte> content)
    {
        var reader = new WasmReader(content);
        var count = reader.Number();
        if (count > Limits.ModuleTablesMax)
            return $"The module has {count} tables; it may have {Limits.ModuleTablesMax}.";
        var entries = 0L;
        for (uint i = 0; i < count && !reader.IsBroken; i++)
        {
            if (reader.Byte() is not (FunctionReference or ExternalReference))
                return "The module has a table of something other than functions, whose memory workers can't limit.";
            var flags = reader.Byte();
            if ((flags & ~HasMaximum) != 0)
                return "The module has a table that is shared or 64-bit, which workers don't run.";
            entries += reader.Number();
            if ((flags & HasMaximum) != 0) reader.Number();
        }

        if (reader.IsBroken) return Unreadable(4);
        return entries > Limits.ModuleTableEntriesMax
            ? $"The module's tables have {entries} entries; they may have {Limits.ModuleTableEntriesMax}." : null;
    }

    private static string? ReadMemories(ReadOnlySpan<byte> content)
    {
        var reader = new WasmReader(content);
        var count = reader.Number();
        if (count > 1) return $"The module has {count} memories; it may have only one.";
        if (count == 0) return reader.IsBroken ? Unreadable(5) : null;
        var flags = reader.Byte();
        if ((flags & ~HasMaximum) != 0)
            return $"The module's memory is {KindOf(flags)}, which workers don't run; build it for wasm32-wasip1.";
        var pages = reader.Number();
        if (reader.IsBroken) return Unreadable(5);
        return pages > Limits.RunMemoryMbMax * Limits.ModulePagesPerMb
            ? $"The module's memory starts with more than {Limits.RunMemoryMbMax} MB." : null;
    }

    private static string KindOf(byte flags) =>
        (flags & IsShared) != 0 ? "shared (for threads)" : (flags & Is64Bit) != 0 ? "64-bit" : "of an unknown kind";

    private static string? ReadGlobals(ReadOnlySpan<byte> content)
    {
        var count = new WasmReader(content).Number();
        return count > Limits.ModuleGlobalsMax
            ? $"The module has {count} globals; it may have {Limits.ModuleGlobalsMax}." : null;
    }

    private string? ReadTags(ReadOnlySpan<byte> content)
    {
        var reader = new WasmReader(content);
        var count = reader.Number();
        for (uint i = 0; i < count && !reader.IsBroken; i++)
        {
            reader.Byte();
            if (!_types.IsSmallException(reader.Number()) && !reader.IsBroken)
                return $"The module's exceptions carry references, or more than {Limits.ModuleExceptionValuesMax} " +
                    $"values: their memory can't be limited.";
        }

        return reader.IsBroken ? Unreadable(13) : null;
    }

    private string? ReadExports(ReadOnlySpan<byte> content)
    {
        var reader = new WasmReader(content);
        var count = reader.Number();
        for (uint i = 0; i < count && !reader.IsBroken; i++)
        {
            var name = reader.Name();
            var kind = reader.Byte();
            reader.Number();
            _hasMemory |= kind == MemoryKind && name.SequenceEqual("memory"u8);
            _hasStart |= kind == FunctionKind && name.SequenceEqual("_start"u8);
            _isReactor |= kind == FunctionKind && name.SequenceEqual("_initialize"u8);
        }

        return reader.IsBroken ? Unreadable(7) : null;
    }
}
