namespace Weft.Core.Modules.Packages;

/// <summary>
/// The folder of a task's packages among its files: workers make them importable, and hide them from the task's own
/// files.
/// </summary>
public static class PackageFolder
{
    public const string Prefix = ".packages/";

    public static bool Has(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);
}
