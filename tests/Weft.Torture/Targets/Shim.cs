using System.IO.MemoryMappedFiles;

namespace Weft.Torture.Targets;

/// <summary>
/// The library that stands between one coordinator and the system (shim/shim.c), and the 64 bytes that both map:
/// orders that take effect at once, and what was counted.
/// </summary>
internal sealed class Shim : IDisposable
{
    private const int ControlBytes = 64;
    private const int ClockOffset = 0;
    private const int DiskFull = 8;
    private const int CallsAt = 16;
    private const int HitsAt = 24;
    private const int SyncsAfterHitAt = 32;

    private readonly string _controlPath;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _control;

    public Shim(string controlPath)
    {
        _controlPath = controlPath;
        File.WriteAllBytes(controlPath, new byte[ControlBytes]);
        _file = MemoryMappedFile.CreateFromFile(controlPath, FileMode.Open);
        _control = _file.CreateViewAccessor(0, ControlBytes);
    }

    private static string? Library { get; set; }

    /// <summary>What shall happen from the next start on; see shim.c. Null: nothing.</summary>
    public string? Plan { get; set; }

    public long Calls => _control.ReadInt64(CallsAt);

    /// <summary>How often the plan was carried out since the last start.</summary>
    public long Hits => _control.ReadInt64(HitsAt);

    public long SyncsAfterHit => _control.ReadInt64(SyncsAfterHitAt);

    /// <summary>Builds the library once. Null: it is there; else why not.</summary>
    public static async Task<string?> BuildAsync(string folder)
    {
        if (Tool.Find("cc", "gcc", "clang") is not { } compiler) return "there is no C compiler (cc, gcc or clang)";
        // LD_PRELOAD takes what is behind a blank for another library.
        if (folder.Contains(' ', StringComparison.Ordinal))
            folder = Directory.CreateTempSubdirectory("weft-shim-").FullName;
        var library = Path.Combine(folder, "shim.so");
        var (exitCode, output) = await Tool.RunAsync(compiler, "-shared", "-fPIC", "-O2", "-o", library,
            Path.Combine(AppContext.BaseDirectory, "shim", "shim.c"), "-ldl");
        if (exitCode != 0) return $"{compiler} could not build the shim: {output.Trim()}";
        Library = library;
        return null;
    }

    /// <summary>The variables of a start; the counts begin at 0.</summary>
    public void Describe(IDictionary<string, string?> variables, string folder)
    {
        foreach (var count in new[] { CallsAt, HitsAt, SyncsAfterHitAt }) _control.Write(count, 0L);
        variables["LD_PRELOAD"] = Library ?? throw new InvalidOperationException("The shim was not built.");
        variables["SHIM_FOLDER"] = folder;
        variables["SHIM_CONTROL"] = _controlPath;
        if (Plan is not null) variables["SHIM_PLAN"] = Plan;
    }

    public void MoveClock(TimeSpan offset) => _control.Write(ClockOffset, offset.Ticks * 100);

    public void FillDisk(bool full) => _control.Write(DiskFull, full ? 1L : 0L);

    public void Dispose()
    {
        _control.Dispose();
        _file.Dispose();
    }
}
