using Weft.Core.Modules.Packages;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>The candidate wheels of one package, and the requirements on its version.</summary>
/// <param name="wheels">All available ones, the last pushed at the end.</param>
internal sealed class PackageChoice((StoredModule Module, WheelName Name)[] wheels)
{
    // Newest first; for the same version, the last pushed first.
    private readonly List<(StoredModule Module, WheelName Name)> _left =
        [.. wheels.Reverse().OrderByDescending(static each => each.Name.Version, PackageVersion.Order)];

    private readonly List<VersionRange> _ranges = [];
    private int _applied;

    /// <summary>All requirements.</summary>
    public IReadOnlyList<VersionRange> Ranges => _ranges;

    /// <summary>The first candidate that all ranges allow; null: none.</summary>
    public StoredModule? Best
    {
        get
        {
            for (; _applied < _ranges.Count; _applied++)
            {
                var range = _ranges[_applied];
                _left.RemoveAll(each => !range.Allows(each.Name.Version));
            }

            if (_left.Count == 0) return null;
            var settled = _left.FindIndex(static each => !each.Name.Version.IsPreRelease);
            var takesAny = settled < 0 || _ranges.Exists(static range => range.NamesPreRelease);
            return _left[takesAny ? 0 : settled].Module;
        }
    }

    /// <summary>Adds a requirement.</summary>
    public void Add(VersionRange range) => _ranges.Add(range);

    /// <summary>Marks it as unavailable.</summary>
    public void Drop(StoredModule module) => _left.RemoveAll(each => each.Module.Hash == module.Hash);
}
