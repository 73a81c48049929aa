namespace Weft.Core.Modules.Packages;

/// <summary>
/// Where a task's packages are among its files: workers make them importable, and tasks find no such files.
/// </summary>
public static class PackageFolder
{
    public const string Prefix = ".packages/";

    public static bool Has(string path) => path.StartsWith(Prefix, StringComparison.Ordinal);
}
