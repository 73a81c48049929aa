namespace Weft.Torture.Targets;

/// <summary>A small ext4 file system in a file, on a loop device, whose power can be cut. Needs root.</summary>
internal sealed class Ext4Disk : IAsyncDisposable
{
    private const long BytesDefault = 256L << 20;

    private readonly string _image;

    private Ext4Disk(string folder)
    {
        _image = Path.Combine(folder, "disk.img");
        MountPoint = Path.Combine(folder, "disk");
    }

    public string MountPoint { get; }

    /// <summary>Null: power cuts can be made here; else why not.</summary>
    public static async Task<string?> FindObstacleAsync(string folder)
    {
        if (!Syscalls.IsRoot) return "only root may mount a disk";
        if (Tool.Find("mkfs.ext4") is null) return "there is no mkfs.ext4 (e2fsprogs)";
        try
        {
            await using var disk = await CreateAsync(Directory.CreateDirectory(Path.Combine(folder, "probe")).FullName);
            await disk.CutPowerAsync(static () => Task.CompletedTask);
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    public static async Task<Ext4Disk> CreateAsync(string folder, long bytes = BytesDefault)
    {
        var disk = new Ext4Disk(folder);
        await using (var image = File.Create(disk._image)) image.SetLength(bytes);
        await Tool.DoAsync("mkfs.ext4", "-q", "-F", disk._image);
        Directory.CreateDirectory(disk.MountPoint);
        await disk.MountAsync();
        return disk;
    }

    /// <summary>
    /// Cuts the power, lets <paramref name="end"/> end who used the disk, and brings back what is on it.
    /// </summary>
    public async Task CutPowerAsync(Func<Task> end)
    {
        Syscalls.CutPower(MountPoint);
        await end();
        await Tool.DoAsync("umount", MountPoint);
        await MountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        var (exitCode, output) = await Tool.RunAsync("umount", MountPoint);
        if (exitCode != 0) await Console.Error.WriteLineAsync($"torture: {MountPoint} stays mounted: {output.Trim()}");
        else File.Delete(_image);
    }

    private Task MountAsync() => Tool.DoAsync("mount", "-o", "loop", _image, MountPoint);
}
