namespace Weft.Core.Modules;

/// <summary>The kind of a module. The numbers are stored: never renumber.</summary>
public enum ModuleKind : byte
{
    /// <summary>A WebAssembly core module that runs as a WASI preview 1 command.</summary>
    Wasm = 0,

    /// <summary>An ES module whose default export is <c>async (payload, context) => result</c>.</summary>
    JavaScript = 1,

    /// <summary>A Python script that defines <c>task(payload)</c> or <c>task(payload, ctx)</c>.</summary>
    Python = 2,

    /// <summary>Not a program: a file that tasks find at their paths.</summary>
    Data = 3,

    /// <summary>A zipped folder: its <c>task.py</c> is such a script, and can import the other files.</summary>
    PythonFolder = 4,

    /// <summary>Not a program: a package for Python scripts, as a wheel, under its file's name.</summary>
    Wheel = 5,
}

public static class ModuleKinds
{
    /// <summary>The capability that a worker needs for WebAssembly modules.</summary>
    public const string Wasi = "wasi";

    /// <summary>The capability that a worker needs for JavaScript modules.</summary>
    public const string JavaScript = "javascript";

    /// <summary>The capability that a worker needs for Python modules.</summary>
    public const string Python = "python";

    /// <summary>The capability that a worker needs for tasks with files.</summary>
    public const string Files = "files";

    /// <summary>The capability that a worker needs for packages that were compiled for Pyodide.</summary>
    public const string Pyodide = "pyodide";

    /// <summary>A worker's memory in megabytes, which submitters may also require.</summary>
    public const string Memory = "memory";

    /// <summary>True for labels that only a task's module or files add, never its submitter.</summary>
    public static bool IsLabel(string name) => IsProgram(name) || name == Files;

    /// <summary>True for the labels of modules.</summary>
    public static bool IsProgram(string name) => name is Wasi or JavaScript or Python;

    extension(ModuleKind kind)
    {
        /// <summary>Whether workers can run it.</summary>
        public bool IsProgram => kind is not (ModuleKind.Data or ModuleKind.Wheel);

        /// <summary>The label that a task with such a module requires of its worker.</summary>
        public string Label => kind switch
        {
            ModuleKind.JavaScript => JavaScript,
            ModuleKind.Python or ModuleKind.PythonFolder => Python,
            _ => Wasi,
        };

        /// <summary>The kind's name in the API.</summary>
        public string Name => kind switch
        {
            ModuleKind.JavaScript => "javascript",
            ModuleKind.Python or ModuleKind.PythonFolder => "python",
            ModuleKind.Data => "data",
            ModuleKind.Wheel => "wheel",
            _ => "wasm",
        };

        /// <summary>The check of such a module's bytes.</summary>
        public IModuleCheck NewCheck() => kind switch
        {
            ModuleKind.JavaScript => new ScriptCheck("JavaScript", Limits.ModuleBytesMax),
            ModuleKind.Python => new ScriptCheck("Python", Limits.PythonModuleBytesMax),
            ModuleKind.PythonFolder => new ZipCheck("zipped Python module", Limits.PythonFolderBytesMax),
            ModuleKind.Wheel => new ZipCheck("wheel", Limits.ModuleBytesMax),
            _ => new WasmCheck(),
        };
    }
}
