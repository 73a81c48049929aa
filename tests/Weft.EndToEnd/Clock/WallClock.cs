using System.Globalization;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Clock;

/// <summary>The wall clock of one coordinator, which a test can set while that runs.</summary>
internal sealed class WallClock : IDisposable
{
    private static readonly Lazy<Task<string?>> Library = new(BuildAsync);

    private readonly string file = Path.GetTempFileName();
    private readonly string library;

    private WallClock(string library) => this.library = library;

    /// <summary>What the coordinator's clock says now.</summary>
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow() + Ahead;

    private TimeSpan Ahead { get; set; }

    /// <summary>The variables of the process whose clock this is.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["WALL_CLOCK_AHEAD"] = file };

    /// <summary>Skips the test where no library can be put between a program and the system.</summary>
    public static async Task<WallClock> NewAsync(TimeSpan ahead)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "LD_PRELOAD is Linux's.");
        var library = await Library.Value;
        Assert.SkipWhen(library is null, "There is no C compiler (cc).");
        var clock = new WallClock(library!);
        clock.Set(ahead);
        return clock;
    }

    public void Set(TimeSpan ahead)
    {
        Ahead = ahead;
        // In one step: who reads in between must find the old number or the new one.
        File.WriteAllText(file + ".new", ((long)ahead.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Dispose() => File.Delete(file);

    private static async Task<string?> BuildAsync()
    {
        // Not in the checkout: LD_PRELOAD takes what is behind a blank for another library.
        var library = Path.Combine(Directory.CreateTempSubdirectory("weft-clock-").FullName, "wallclock.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Clock", "wallclock.c");
        try
        {
            var built = await Command.RunAsync(
                Command.Describe("cc", AppContext.BaseDirectory, ["-shared", "-fPIC", "-O2", "-o", library, source]),
                TimeSpan.FromMinutes(2));
            return built.ExitCode == 0
                ? library
                : throw new InvalidOperationException($"cc could not build {source}: {built}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
