namespace Weft.Contracts;

/// <summary>A module that tasks can name.</summary>
/// <param name="Sha256">Its hash, 64 lowercase hex digits: the <c>module</c> of a task.</param>
/// <param name="Size">Bytes, up to 64 MiB.</param>
/// <param name="Kind"><c>wasm</c>, <c>javascript</c>, <c>python</c>, or <c>wheel</c>: a package for Python
/// modules.</param>
/// <param name="Name">Human-readable, up to 128 characters; null for none.</param>
/// <param name="InUse">True while a stored task or a queue names it: it then can't be deleted.</param>
/// <param name="Verdicts">Whether two runs on one payload give equal results: <c>repeatable</c>, or the reasons why
/// they may not: <c>nan</c>, <c>clock</c>, <c>random</c> and <c>environment</c>, which <c>fixed</c> removes, and
/// <c>relaxed</c>, <c>threads</c> and <c>unknown</c>; null: not known yet, or not WebAssembly.</param>
public sealed record ModuleInfo(string Sha256, long Size, string Kind, string? Name, DateTimeOffset CreatedAt,
    bool InUse, IReadOnlyList<string>? Verdicts = null);

/// <param name="Modules">Oldest first.</param>
public sealed record ModuleList(IReadOnlyList<ModuleInfo> Modules);

/// <summary>How to run a module. Null members take the defaults.</summary>
/// <param name="Args">Up to 64 arguments of up to 4 KiB.</param>
/// <param name="Env">Up to 64 variables; all arguments and variables together have at most 16 KiB.</param>
/// <param name="TimeoutSeconds">Per task, 1 to 86,400. Default: 60.</param>
/// <param name="MemoryMb">The module's memory limit, 1 to 4,096. Default: 256.</param>
/// <param name="Fixed">True: the clock and the random source are the same in each run.</param>
/// <param name="Files">Up to 64 files that the task finds; they don't require a module.</param>
/// <param name="OutMb">Megabytes that the task may write below <c>out</c>, 1 to 4,096; null: it writes no
/// files.</param>
/// <param name="Packages">Up to 32 packages that a Python module imports: <c>idna</c>, <c>idna==3.4</c>, or the hash of
/// a wheel. The submit replaces them with files, so responses have none.</param>
public sealed record ModuleRun(
    IReadOnlyList<string>? Args = null, IReadOnlyDictionary<string, string>? Env = null, double? TimeoutSeconds = null,
    int? MemoryMb = null, bool? Fixed = null, IReadOnlyList<RunFile>? Files = null, int? OutMb = null,
    IReadOnlyList<string>? Packages = null);

/// <summary>A file that a task finds.</summary>
/// <param name="Path">Relative, with slashes, up to 255 bytes; not below <c>out</c>.</param>
/// <param name="Blob">The hash of its bytes.</param>
public sealed record RunFile(string Path, string Blob);

/// <summary>The module and files for a queue's tasks that name none themselves.</summary>
/// <param name="Module">A module's hash; null: none, and <paramref name="Run"/> has files or <c>outMb</c>.</param>
/// <param name="Run">For tasks without their own; null for the defaults. Its files are for tasks without files.</param>
public sealed record QueueModule(string? Module, ModuleRun? Run = null);
