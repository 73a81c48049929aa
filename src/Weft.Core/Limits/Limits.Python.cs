namespace Weft.Core;

// Limits of Python modules and their packages.
public static partial class Limits
{
    /// <summary>Bytes of one Python module, a script.</summary>
    public const long PythonModuleBytesMax = 1 << 20;

    /// <summary>Bytes of one Python module that is a zipped folder.</summary>
    public const long PythonFolderBytesMax = 16 << 20;

    /// <summary>
    /// Bytes and files of such a folder, unpacked. <c>weft</c> enforces the same limits when it packs one.
    /// </summary>
    public const long PythonFolderUnpackedBytesMax = 64 << 20;
    public const int PythonFolderFilesMax = 10_000;

    /// <summary>Files of one wheel, and bytes of its list of files. The largest of Pyodide's have 2,000.</summary>
    public const int PackageFilesMax = 5_000;
    public const int PackageDirectoryBytesMax = 2 << 20;

    /// <summary>Bytes of a wheel's metadata, and packages that it requires.</summary>
    public const int PackageMetadataBytesMax = 1 << 20;
    public const int PackageRequirementsMax = 500;

    /// <summary>
    /// Characters of one requirement of a wheel, and of all of them: longer ones aren't read. They stay in memory. Real
    /// ones have up to 300, and 40,000 for a package with hundreds of extras.
    /// </summary>
    public const int PackageRequirementCharsMax = 512;
    public const int PackageRequirementsCharsMax = 64 << 10;

    /// <summary>
    /// Total requirements and version bounds of one task's packages: each is compared with every available version.
    /// </summary>
    public const int PackageNeedsMax = 2_000;
    public const int PackageBoundsMax = 4_000;

    /// <summary>Characters of the requirements that are read for one task.</summary>
    public const int PackageNeedsCharsMax = 512 << 10;

    /// <summary>Different lists of packages in one batch of tasks.</summary>
    public const int PackageListsOfBatchMax = 32;

    /// <summary>Bytes of a task's packages, unpacked: each interpreter has them in memory, or in a folder.</summary>
    public const long PackagesUnpackedBytesMax = 256 << 20;

    /// <summary>
    /// Packages that a task names, and bytes of each name; with their dependencies, they are files of the task.
    /// </summary>
    public const int PackagesNamedMax = 32;
    public const int PackageNameBytesMax = 200;

    /// <summary>Wheels whose requirements a coordinator caches.</summary>
    public const int WheelsKnownMax = 2 * ModulesMax;
}
