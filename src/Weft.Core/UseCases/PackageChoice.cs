using Weft.Core.Modules.Packages;
using Weft.Core.Storage;

namespace Weft.Core.UseCases;

/// <summary>The wheels of one package that may be chosen, and what is asked of their versions.</summary>
/// <param name="wheels">All that are there, the one that was pushed last at the end.</param>
internal sealed class PackageChoice((StoredModule Module, WheelName Name)[] wheels)
{
    // The newest first, and of one version the one that was pushed last.
    private readonly List<(StoredModule Module, WheelName Name)> _left =
        [.. wheels.Reverse().OrderByDescending(static each => each.Name.Version, PackageVersion.Order)];

    private readonly List<VersionRange> _ranges = [];
    private int _applied;

    /// <summary>All that were asked for.</summary>
    public IReadOnlyList<VersionRange> Ranges => _ranges;

    /// <summary>The first choice of those that all ranges allow; null: none does.</summary>
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

    /// <summary>Asks for more.</summary>
    public void Add(VersionRange range) => _ranges.Add(range);

    /// <summary>It can't be had.</summary>
    public void Drop(StoredModule module) => _left.RemoveAll(each => each.Module.Hash == module.Hash);
}
