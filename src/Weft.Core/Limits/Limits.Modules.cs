namespace Weft.Core;

// Limits of modules.
public static partial class Limits
{
    /// <summary>Bytes of one module.</summary>
    public const long ModuleBytesMax = 64 << 20;

    /// <summary>
    /// Bytes of one chunk of a module: small enough that storing it doesn't delay other transactions.
    /// </summary>
    public const int ModuleChunkBytes = 256 << 10;

    /// <summary>Bytes of a WebAssembly module's section that is inspected while the module arrives.</summary>
    public const int ModuleSectionBytesMax = 1 << 20;

    /// <summary>
    /// Tables, their entries and globals of a WebAssembly module: its memory use besides its linear memory.
    /// </summary>
    public const int ModuleTablesMax = 16;
    public const int ModuleTableEntriesMax = 1_000_000;
    public const int ModuleGlobalsMax = 10_000;

    /// <summary>Values that an exception of a WebAssembly module may carry.</summary>
    public const int ModuleExceptionValuesMax = 16;

    /// <summary>
    /// Function types that a module declares. Browsers keep each different one for as long as the tab lives, at most
    /// two million for all modules, and then end the tab. Large programs have a few hundred.
    /// </summary>
    public const int ModuleTypesMax = 4_000;

    /// <summary>
    /// Parameters of a function type. A branch moves all of its target's, so a small module could compile to gigabytes.
    /// </summary>
    public const int ModuleParametersMax = 128;

    /// <summary>Results of a function type, for the same reason. Compilers return one, or a few.</summary>
    public const int ModuleResultsMax = 16;

    /// <summary>Custom sections of a module: names, debug information and the like; a few dozen at most.</summary>
    public const int ModuleCustomSectionsMax = 1_000;

    /// <summary>The size of a WebAssembly page.</summary>
    public const int ModulePagesPerMb = 16;

    public const int ModulesMax = 1_000;

    /// <summary>Bytes of modules that one listing reads to find out how repeatable they are, after a restart.</summary>
    public const long ModuleVerdictBytesMax = 64 << 20;

    /// <summary>Tasks that are checked for naming a module when its owner deletes it.</summary>
    public const int ModuleUsesScanMax = 10_000;

    /// <summary>
    /// An upload idle for this long is treated as abandoned; with a shared store there is no other way to know.
    /// </summary>
    public static readonly TimeSpan ModuleUploadIdleMax = TimeSpan.FromHours(1);
    public const int ModuleNameCharsMax = 128;

    /// <summary>Uploads of modules that one owner may have in progress.</summary>
    public const int ModuleUploadsOfOwnerMax = 16;
}
