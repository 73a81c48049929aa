namespace Weft.Core;

// Bounds of Python modules and the packages that they need.
public static partial class Limits
{
    /// <summary>Bytes of one Python module, a script.</summary>
    public const long PythonModuleBytesMax = 1 << 20;

    /// <summary>Bytes of one Python module that is a zipped folder.</summary>
    public const long PythonFolderBytesMax = 16 << 20;

    /// <summary>The same unpacked, and its files: what <c>weft</c> packs into one.</summary>
    public const long PythonFolderUnpackedBytesMax = 64 << 20;
    public const int PythonFolderFilesMax = 10_000;

    /// <summary>Files of one wheel, and bytes of the list of them. The largest of Pyodide's have 2,000.</summary>
    public const int PackageFilesMax = 5_000;
    public const int PackageDirectoryBytesMax = 2 << 20;

    /// <summary>Bytes of what a wheel says of itself, and packages that it needs.</summary>
    public const int PackageMetadataBytesMax = 1 << 20;
    public const int PackageRequirementsMax = 500;

    /// <summary>
    /// Characters of one thing that a wheel says it needs, and of all of them: longer ones aren't read. They stay in
    /// memory. Real ones have up to 300, and 40,000 where a package has hundreds of extras.
    /// </summary>
    public const int PackageRequirementCharsMax = 512;
    public const int PackageRequirementsCharsMax = 64 << 10;

    /// <summary>
    /// What one task's packages may ask of others in all, in requirements and in bounds on versions: each is compared
    /// with every version that is there.
    /// </summary>
    public const int PackageNeedsMax = 2_000;
    public const int PackageBoundsMax = 4_000;

    /// <summary>Characters of the requirements that are read for one task.</summary>
    public const int PackageNeedsCharsMax = 512 << 10;

    /// <summary>Different lists of packages in one batch of tasks.</summary>
    public const int PackageListsOfBatchMax = 32;

    /// <summary>Bytes of a task's packages, unpacked: each interpreter has them in memory, or in a folder.</summary>
    public const long PackagesUnpackedBytesMax = 256 << 20;

    /// <summary>Packages that a task names, and bytes of each name; with those that they need, they are files of the
    /// task.</summary>
    public const int PackagesNamedMax = 32;
    public const int PackageNameBytesMax = 200;

    /// <summary>Wheels of which a coordinator remembers what they need.</summary>
    public const int WheelsKnownMax = 2 * ModulesMax;
}
