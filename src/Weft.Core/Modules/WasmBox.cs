using System.Buffers;
using System.Text;

namespace Weft.Core.Modules;

/// <summary>
/// Rewrites a WebAssembly module so that it stays within its limits, byte for byte like the worker page (wasm-box.js):
/// its memory and its tables can't grow past the task's limit, its start function is an export, and if runs must be the
/// same, its code is rewritten (<see cref="WasmFixed"/>).
/// </summary>
/// <param name="Bytes">The module.</param>
/// <param name="Start">An export to call before <c>_start</c>; null: none.</param>
public sealed record WasmBox(byte[] Bytes, string? Start)
{
    private const int HeaderBytes = 8;
    private const byte Tables = 4, Memories = 5, Exports = 7, StartSection = 8, Code = 10;
    private const byte HasMaximum = 1;
    private const uint TableEntriesMax = 1_024;
    private const int EntriesPerPage = 65_536 / 32;

    /// <summary>Rewrites a module.</summary>
    /// <param name="module">A module that <see cref="WasmCheck"/> accepts.</param>
    /// <param name="memoryMb">Its memory limit.</param>
    /// <param name="isFixed">Whether its runs must be the same on every machine.</param>
    /// <exception cref="ModuleRefusedException">No worker can run the module.</exception>
    public static WasmBox Make(ReadOnlySpan<byte> module, int memoryMb, bool isFixed)
    {
        // It may have been stored before this check existed, by another coordinator.
        var check = new WasmCheck();
        if ((check.Feed(module) ?? check.Finish()) is { } refused) throw new ModuleRefusedException(refused);

        var sections = WasmSections.Of(module);
        var tables = LimitTables(sections.Content(module, Tables));
        var memory = LimitMemory(sections.Content(module, Memories), memoryMb, tables.Pages);
        var index = sections.Content(module, StartSection);
        uint? start = index.IsEmpty ? null : new WasmReader(index).Number();
        var name = start is null ? null : FreeName(sections.Content(module, Exports));

        var made = new ArrayBufferWriter<byte>(module.Length + 1_024);
        made.Write(module[..HeaderBytes]);
        foreach (var section in sections.All)
        {
            var content = module[section.Content];
            if (section.Id == StartSection) continue;
            if (section.Id == Tables) content = tables.Content;
            if (section.Id == Memories) content = memory.Content;
            if (section.Id == Exports && name is not null) content = WithStart(content, name, start!.Value);
            if (section.Id == Code && isFixed)
            {
                content = WasmFixed.Rewrite(content, sections.ParametersOf(module), memory.PagesMax);
            }
            made.WriteSection(section.Id, content);
        }

        return new(made.WrittenSpan.ToArray(), name);
    }

    private static (byte[] Content, int Pages) LimitTables(ReadOnlySpan<byte> section)
    {
        var reader = new WasmReader(section);
        var made = new ArrayBufferWriter<byte>();
        var count = section.IsEmpty ? 0 : reader.Number();
        made.WriteNumber(count);
        long entries = 0;
        for (uint i = 0; i < count; i++)
        {
            made.WriteBytes(reader.Byte(), HasMaximum);
            var hasMaximum = (reader.Byte() & HasMaximum) != 0;
            var min = reader.Number();
            var max = hasMaximum ? reader.Number() : TableEntriesMax;
            made.WriteNumber(min);
            made.WriteNumber(Math.Max(min, Math.Min(max, TableEntriesMax)));
            entries += min;
        }

        // If the tables start larger than they may all grow to, they count as memory.
        var excess = Math.Max(0, entries - (Limits.ModuleTablesMax * TableEntriesMax));
        return (made.WrittenSpan.ToArray(), (int)((excess + EntriesPerPage - 1) / EntriesPerPage));
    }

    private static (byte[] Content, uint PagesMax) LimitMemory(ReadOnlySpan<byte> section, int memoryMb, int pagesTaken)
    {
        var reader = new WasmReader(section);
        reader.Number();
        var hasMaximum = (reader.Byte() & HasMaximum) != 0;
        var pagesMax = Math.Max(0, (memoryMb * Limits.ModulePagesPerMb) - pagesTaken);
        var min = reader.Number();
        var max = Math.Min(hasMaximum ? reader.Number() : uint.MaxValue, (uint)pagesMax);
        if (min > pagesMax)
        {
            var needed = (min + (uint)pagesTaken + Limits.ModulePagesPerMb - 1) / Limits.ModulePagesPerMb;
            throw new ModuleRefusedException(
                $"The module needs {needed} MB of memory at the start; this task may use {memoryMb} MB.");
        }

        var made = new ArrayBufferWriter<byte>();
        made.WriteBytes(1, HasMaximum);
        made.WriteNumber(min);
        made.WriteNumber(max);
        return (made.WrittenSpan.ToArray(), max);
    }

    private static string FreeName(ReadOnlySpan<byte> exports)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new WasmReader(exports);
        for (var left = reader.Number(); left > 0 && !reader.IsBroken; left--)
        {
            names.Add(Encoding.UTF8.GetString(reader.Name()));
            reader.Byte();
            reader.Number();
        }

        var name = "weft_start";
        while (names.Contains(name)) name += "_";
        return name;
    }

    private static byte[] WithStart(ReadOnlySpan<byte> exports, string name, uint index)
    {
        var reader = new WasmReader(exports);
        var made = new ArrayBufferWriter<byte>();
        made.WriteNumber(reader.Number() + 1);
        made.Write(exports[reader.Position..]);
        made.WriteNumber((uint)name.Length);
        made.Write(Encoding.ASCII.GetBytes(name));
        made.WriteBytes(0);
        made.WriteNumber(index);
        return made.WrittenSpan.ToArray();
    }
}
