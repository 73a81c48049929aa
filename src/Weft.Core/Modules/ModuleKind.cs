namespace Weft.Core.Modules;

/// <summary>What a module is made of. The numbers are stored: never renumber.</summary>
public enum ModuleKind : byte
{
    /// <summary>A WebAssembly core module that runs as a WASI preview 1 command.</summary>
    Wasm = 0,

    /// <summary>An ES module whose default export is <c>async (payload, context) => result</c>.</summary>
    JavaScript = 1,

    /// <summary>A Python script that defines <c>task(payload)</c> or <c>task(payload, ctx)</c>.</summary>
    Python = 2,

    /// <summary>No program: a file that tasks find at their paths.</summary>
    Data = 3,

    /// <summary>A zipped folder: its <c>task.py</c> is such a script, and can import what is beside it.</summary>
    PythonFolder = 4,

    /// <summary>No program: a package for Python scripts, as a wheel, which is called as its file was.</summary>
    Wheel = 5,
}

public static class ModuleKinds
{
    /// <summary>What a worker must have to run WebAssembly modules.</summary>
    public const string Wasi = "wasi";

    /// <summary>What a worker must have to run JavaScript modules.</summary>
    public const string JavaScript = "javascript";

    /// <summary>What a worker must have to run Python modules.</summary>
    public const string Python = "python";

    /// <summary>What a worker must have to run tasks that have files.</summary>
    public const string Files = "files";

    /// <summary>What a worker must have to run tasks with packages that were compiled for Pyodide.</summary>
    public const string Pyodide = "pyodide";

    /// <summary>How many megabytes of memory a worker has, which submitters may ask for as well.</summary>
    public const string Memory = "memory";

    /// <summary>True for the labels that only a task's module or files bring, never its submitter.</summary>
    public static bool IsLabel(string name) => IsProgram(name) || name == Files;

    /// <summary>True for those of a module.</summary>
    public static bool IsProgram(string name) => name is Wasi or JavaScript or Python;

    extension(ModuleKind kind)
    {
        /// <summary>Whether it is something that workers can run.</summary>
        public bool IsProgram => kind is not (ModuleKind.Data or ModuleKind.Wheel);

        /// <summary>The label that a task of such a module requires of its worker.</summary>
        public string Label => kind switch
        {
            ModuleKind.JavaScript => JavaScript,
            ModuleKind.Python or ModuleKind.PythonFolder => Python,
            _ => Wasi,
        };

        /// <summary>What the kind is called in the API.</summary>
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
