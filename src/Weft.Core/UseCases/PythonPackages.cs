using System.Collections.Concurrent;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Modules.Packages;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.UseCases;

/// <summary>
/// The packages of Python tasks: wheels among the modules. The names in a task are resolved once, at its submit, into
/// the wheels' hashes. Safe for use by many threads.
/// </summary>
public sealed class PythonPackages(IModuleStore modules, IBlobStore blobs)
{
    // A wheel's metadata is part of its bytes, which never change.
    private readonly ConcurrentDictionary<ModuleHash, Wheel> _known = new();

    /// <summary>A task with the wheels of its packages among its files.</summary>
    /// <returns>The task, or one sentence that says what isn't available.</returns>
    public async Task<(NewTask Task, string? Fault)> ResolveAsync(Caller caller, NewTask task, CancellationToken stop)
    {
        if (task.Packages is not { } packages) return (task, null);
        var (wheels, fault) = await new PackageResolver(
            await modules.ListWheelsAsync(caller.ChangesOnly), module => ReadAsync(module, stop)).RunAsync(packages);
        if (fault is not null) return (task, fault);
        var files = (task.Files?.Files ?? [])
            .Concat(wheels.Select(static each => new TaskFile($"{PackageFolder.Prefix}{each.Name}", each.Hash)))
            .ToArray();
        return files.Length > Limits.FilesMax
            ? (task, $"The task's files and packages, including their dependencies, are more than {Limits.FilesMax}.")
            : (task with { Files = new(files), NeedsPyodide = wheels.Any(static each => !each.IsPure) }, null);
    }

    /// <summary>Whether an upload is the wheel that its name says: null, or why not.</summary>
    internal async Task<string?> FindFaultAsync(
        WheelName name, ModuleUploadId upload, long size, CancellationToken stop)
    {
        await using var archive = new ModuleStream(
            (index, into) => blobs.ReadUploadedAsync(upload, index, into), size);
        return (await WheelReader.ReadAsync(name, archive, stop)).Fault;
    }

    private async Task<Wheel?> ReadAsync(StoredModule module, CancellationToken stop)
    {
        // Already stored under another name, it would have that name's tags.
        if (_known.TryGetValue(module.Hash, out var known) && known.Name.Text == module.Name) return known;
        if (WheelName.TryParse(module.Name, out _) is not { } name) return null;
        await using var archive = new ModuleStream(modules, module.Hash, module.Size);
        var (wheel, _) = await WheelReader.ReadAsync(name, archive, stop);
        if (wheel is null) return null;
        if (_known.Count >= Limits.WheelsKnownMax) _known.Clear();
        return _known[module.Hash] = wheel;
    }
}
