namespace Weft.Core.Modules;

/// <summary>What a module is made of. The numbers are stored: never renumber.</summary>
public enum ModuleKind : byte
{
    /// <summary>A WebAssembly core module that runs as a WASI preview 1 command.</summary>
    Wasm = 0,

    /// <summary>An ES module whose default export is <c>async (payload, context) => result</c>.</summary>
    JavaScript = 1,
}

public static class ModuleKinds
{
    /// <summary>What a worker must have to run WebAssembly modules.</summary>
    public const string Wasi = "wasi";

    /// <summary>What a worker must have to run JavaScript modules.</summary>
    public const string JavaScript = "javascript";

    /// <summary>True for the labels that only a task's module brings, never its submitter.</summary>
    public static bool IsLabel(string name) => name is Wasi or JavaScript;

    extension(ModuleKind kind)
    {
        /// <summary>The label that a task of such a module requires of its worker.</summary>
        public string Label => kind == ModuleKind.JavaScript ? JavaScript : Wasi;
    }
}
