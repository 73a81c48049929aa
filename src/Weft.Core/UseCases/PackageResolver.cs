using Weft.Core.Modules;
using Weft.Core.Modules.Packages;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <param name="Name">Of the wheel's file.</param>
/// <param name="IsPure">False: it was compiled for Pyodide.</param>
internal readonly record struct ChosenWheel(string Name, ModuleHash Hash, bool IsPure);

/// <summary>
/// Chooses a wheel for each package that a task names and for each dependency: the newest that all wheels chosen so far
/// allow. A choice is never reverted; if that would be necessary, the submitter must name a version. Wheels are
/// untrusted: their number of requirements is limited, and each bound is compared with each version once.
/// </summary>
internal sealed class PackageResolver(
    IReadOnlyList<StoredModule> stored, Func<StoredModule, Task<Wheel?>> readAsync)
{
    private const string TooMuch =
        "The packages require too many others, or too many versions of them: name fewer.";
    private const int ShownMax = 8;

    private readonly ILookup<string, (StoredModule Module, WheelName Name)> _stored = stored
        .Select(static module => (Module: module, Name: WheelName.TryParse(module.Name, out _)))
        .Where(static each => each.Name is not null)
        .ToLookup(static each => each.Name!.Package, static each => (each.Module, each.Name!), StringComparer.Ordinal);

    private readonly Dictionary<string, (StoredModule Module, Wheel Wheel, PackageRequirement[] Needs)> _chosen =
        new(StringComparer.Ordinal);

    private readonly Dictionary<string, PackageChoice> _choices = new(StringComparer.Ordinal);
    private readonly HashSet<(string By, PackageRequirement Need)> _asked = [];
    private readonly Queue<(PackageRequirement Wanted, string? By)> _open = new();
    private int _bounds;
    private int _chars;

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
            if (IsTooMuch) return ([], TooMuch);
        }
        if (_chosen.Values.Sum(static each => each.Wheel.UnpackedBytes) > Limits.PackagesUnpackedBytesMax)
        {
            return ([], $"The packages, with those that they need, have over " +
                $"{Limits.PackagesUnpackedBytesMax >> 20} MiB unpacked.");
        }
        return ([.. _chosen.Values.Select(static each =>
            new ChosenWheel(each.Wheel.Name.Text, each.Module.Hash, each.Wheel.Name.IsPure))], null);
    }

    private bool IsTooMuch => _asked.Count > Limits.PackageNeedsMax || _bounds > Limits.PackageBoundsMax
        || _chars > Limits.PackageNeedsCharsMax;

    // Add all of the submitter's requirements before anything is chosen.
    private async Task<string?> NameAsync(string text)
    {
        if (ModuleHash.TryParse(text, out var hash))
        {
            if (stored.FirstOrDefault(module => module.Hash == hash) is not { } module
                || await readAsync(module) is not { } wheel)
            {
                return $"There is no wheel {hash}: push it with 'weft python add FILE.whl'.";
            }
            if (_chosen.TryGetValue(wheel.Name.Package, out var other) && other.Module.Hash != hash)
            {
                return $"{wheel.Name.Package} is named twice.";
            }
            Take(module, wheel, []);
            return IsTooMuch ? TooMuch : null;
        }

        if (PackageRequirement.TryParse(text) is not { OfExtra: null, IsConditional: false } wanted)
        {
            return "Name a package as idna, idna==3.4, idna>=3,<4, or by its wheel's hash.";
        }
        ChoiceOf(wanted.Name).Add(wanted.Range);
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
                    : $"{wanted}{of}, conflicts with {known.Wheel.Name.Package} {known.Wheel.Name.Version}: name a " +
                        $"compatible version.";
            }
            EnqueueNeeds(known.Wheel.Name.Package, known.Needs, wanted.Extras);
            return null;
        }

        var choice = ChoiceOf(wanted.Name);
        while (choice.Best is { } module)
        {
            if (await readAsync(module) is { } wheel)
            {
                Take(module, wheel, wanted.Extras);
                return null;
            }
            choice.Drop(module);
        }

        if (wanted.IsConditional) return null;
        var there = Some(_stored[wanted.Name].Select(static each => each.Name.Version.ToString()), ", ");
        var ranges = Some(choice.Ranges.Select(static range => range.ToString()).Where(static text => text.Length > 0),
            ",");
        if (there.Length > 0) there = $" (but {there})";
        return $"The coordinator has no package {wanted.Name}{ranges}{of}{there}: add its wheel with 'weft python " +
            "add FILE.whl'.";
    }

    // An untrusted wheel may have any number.
    private static string Some(IEnumerable<string> texts, string between)
    {
        string[] some = [.. texts.Distinct().Take(ShownMax + 1)];
        return string.Join(between, some.Take(ShownMax)) + (some.Length > ShownMax ? "…" : "");
    }

    private void Take(StoredModule module, Wheel wheel, IReadOnlyList<string> extras)
    {
        _chars += wheel.Requires.Sum(static text => text.Length);
        // Don't even parse them: the next check reports that there are too many.
        var needs = IsTooMuch ? [] : wheel.Requires.Select(PackageRequirement.TryParse).OfType<PackageRequirement>()
            .ToArray();
        _chosen[wheel.Name.Package] = (module, wheel, needs);
        EnqueueNeeds(wheel.Name.Package, needs, []);
        EnqueueNeeds(wheel.Name.Package, needs, extras);
    }

    private void EnqueueNeeds(string package, PackageRequirement[] all, IReadOnlyList<string> extras)
    {
        var needs = extras.Count == 0
            ? all.Where(static each => each.OfExtra is null)
            : all.Where(each => each.OfExtra is { } extra && extras.Contains(extra));
        // A package that requires itself, for example for an extra, already has itself.
        foreach (var need in needs.Where(each => each.Name != package || each.Extras.Count > 0))
        {
            if (!_asked.Add((package, need))) continue;
            _bounds += need.Range.Bounds + need.Extras.Count;
            if (!need.IsConditional) ChoiceOf(need.Name).Add(need.Range);
            _open.Enqueue((need, package));
        }
    }

    private PackageChoice ChoiceOf(string package) =>
        _choices.TryGetValue(package, out var known) ? known : _choices[package] = new([.. _stored[package]]);
}
