using Weft.Core.Modules;
using Weft.Core.Modules.Packages;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <param name="Name">Of the wheel's file.</param>
/// <param name="IsPure">False: it was compiled for Pyodide.</param>
internal readonly record struct ChosenWheel(string Name, ModuleHash Hash, bool IsPure);

/// <summary>
/// Chooses a wheel for each package that a task names, and for each that these need: the newest that all allow which
/// were chosen before. A choice is never taken back; where that would be needed, the submitter names a version.
/// </summary>
internal sealed class PackageResolver(
    IReadOnlyList<StoredModule> stored, Func<StoredModule, Task<Wheel?>> readAsync)
{
    private readonly ILookup<string, StoredModule> _stored = stored
        .Where(static module => WheelName.TryParse(module.Name, out _) is not null)
        .ToLookup(static module => WheelName.TryParse(module.Name, out _)!.Package, StringComparer.Ordinal);

    private readonly Dictionary<string, (StoredModule Module, Wheel Wheel)> _chosen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<VersionRange>> _ranges = new(StringComparer.Ordinal);
    private readonly HashSet<(string By, PackageRequirement Need)> _asked = [];
    private readonly Queue<(PackageRequirement Wanted, string? By)> _open = new();

    public async Task<(IReadOnlyList<ChosenWheel> Wheels, string? Fault)> RunAsync(IReadOnlyList<string> packages)
    {
        foreach (var package in packages)
        {
            if (await NameAsync(package) is { } unreadable) return ([], unreadable);
        }
        while (_open.TryDequeue(out var next))
        {
            if (await ChooseAsync(next.Wanted, next.By) is { } fault) return ([], fault);
            if (_chosen.Count > Limits.FilesMax) break;
        }
        if (_chosen.Values.Sum(static each => each.Wheel.UnpackedBytes) > Limits.PackagesUnpackedBytesMax)
        {
            return ([], $"The packages, with those that they need, have over " +
                $"{Limits.PackagesUnpackedBytesMax >> 20} MiB unpacked.");
        }
        return ([.. _chosen.Values.Select(static each =>
            new ChosenWheel(each.Wheel.Name.Text, each.Module.Hash, each.Wheel.Name.IsPure))], null);
    }

    // What the submitter says counts before anything is chosen.
    private async Task<string?> NameAsync(string text)
    {
        if (ModuleHash.TryParse(text, out var hash))
        {
            if (stored.FirstOrDefault(module => module.Hash == hash) is not { } module
                || await readAsync(module) is not { } wheel)
            {
                return $"There is no wheel {hash}: push it, by 'weft python add FILE.whl'.";
            }
            if (_chosen.TryGetValue(wheel.Name.Package, out var other) && other.Module.Hash != hash)
            {
                return $"{wheel.Name.Package} is named twice.";
            }
            Take(module, wheel, []);
            return null;
        }

        if (PackageRequirement.TryParse(text) is not { OfExtra: null, IsConditional: false } wanted)
        {
            return "A package is named as idna, idna==3.4, idna>=3,<4, or by its wheel's hash.";
        }
        RangesOf(wanted.Name).Add(wanted.Range);
        _open.Enqueue((wanted, null));
        return null;
    }

    private async Task<string?> ChooseAsync(PackageRequirement wanted, string? by)
    {
        var of = by is null ? "" : $", which {by} needs";
        if (_chosen.TryGetValue(wanted.Name, out var known))
        {
            if (!wanted.Range.Allows(known.Wheel.Name.Version))
            {
                return wanted.IsConditional ? null
                    : $"{wanted}{of}, doesn't go with {known.Wheel.Name.Package} {known.Wheel.Name.Version}: name a " +
                        $"version that does.";
            }
            EnqueueNeeds(known.Wheel, wanted.Extras);
            return null;
        }

        foreach (var module in Candidates(wanted.Name))
        {
            if (await readAsync(module) is not { } wheel) continue;
            Take(module, wheel, wanted.Extras);
            return null;
        }

        if (wanted.IsConditional) return null;
        var there = string.Join(", ", _stored[wanted.Name].Select(static module => VersionOf(module).ToString())
            .Distinct());
        var ranges = string.Join(",", RangesOf(wanted.Name).Select(static range => range.ToString())
            .Where(static text => text.Length > 0).Distinct());
        if (there.Length > 0) there = $" (but {there})";
        return $"The coordinator has no package {wanted.Name}{ranges}{of}{there}: add its wheel, by 'weft python add " +
            "FILE.whl'.";
    }

    // The newest first, and of one version the one that was pushed last.
    private StoredModule[] Candidates(string package)
    {
        var ranges = RangesOf(package);
        var fit = _stored[package].Reverse()
            .Where(module => ranges.TrueForAll(range => range.Allows(VersionOf(module))))
            .OrderByDescending(VersionOf, PackageVersion.Order).ToArray();
        var settled = fit.Where(static module => !VersionOf(module).IsPreRelease).ToArray();
        return settled.Length > 0 && !ranges.Exists(static range => range.NamesPreRelease) ? settled : fit;
    }

    private void Take(StoredModule module, Wheel wheel, IReadOnlyList<string> extras)
    {
        _chosen[wheel.Name.Package] = (module, wheel);
        EnqueueNeeds(wheel, []);
        EnqueueNeeds(wheel, extras);
    }

    private void EnqueueNeeds(Wheel wheel, IReadOnlyList<string> extras)
    {
        var needs = extras.Count == 0
            ? wheel.Requires.Where(static each => each.OfExtra is null)
            : wheel.Requires.Where(each => each.OfExtra is { } extra && extras.Contains(extra));
        // A package that needs itself, by an extra for instance, has itself.
        foreach (var need in needs.Where(each => each.Name != wheel.Name.Package || each.Extras.Count > 0))
        {
            if (!_asked.Add((wheel.Name.Package, need))) continue;
            if (!need.IsConditional) RangesOf(need.Name).Add(need.Range);
            _open.Enqueue((need, wheel.Name.Package));
        }
    }

    private List<VersionRange> RangesOf(string package) =>
        _ranges.TryGetValue(package, out var ranges) ? ranges : _ranges[package] = [];

    private static PackageVersion VersionOf(StoredModule module) => WheelName.TryParse(module.Name, out _)!.Version;
}
