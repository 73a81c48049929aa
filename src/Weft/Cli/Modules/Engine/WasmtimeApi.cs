using System.Runtime.InteropServices;

namespace Weft.Cli.Modules.Engine;

/// <summary>
/// The functions of Wasmtime's C interface that are used here (https://docs.wasmtime.dev/c-api/), looked up in its
/// library. All pointers are the library's.
/// </summary>
internal sealed unsafe class WasmtimeApi
{
    public readonly delegate* unmanaged[Cdecl]<nint> NewConfig;
    public readonly delegate* unmanaged[Cdecl]<nint, nint> NewEngine;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint*, nint> NewModule;
    public readonly delegate* unmanaged[Cdecl]<nint, ByteVector*, nint> Serialize;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nint*, nint> DeserializeFile;
    public readonly delegate* unmanaged[Cdecl]<nint, void> DeleteModule;
    public readonly delegate* unmanaged[Cdecl]<nint, nint> NewLinker;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nint,
        delegate* unmanaged[Cdecl]<nint, nint, byte*, nuint, nint>, nint, nint, nint> DefineFunction;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, nint> Prepare;
    public readonly delegate* unmanaged[Cdecl]<nint, void> DeletePrepared;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, Instance*, nint*, nint> Instantiate;
    public readonly delegate* unmanaged[Cdecl]<nint, Instance*, byte*, nuint, Export*, byte> GetExport;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nint, nint> NewStore;
    public readonly delegate* unmanaged[Cdecl]<nint, nint> ContextOf;
    public readonly delegate* unmanaged[Cdecl]<nint, long, long, long, long, long, void> Limit;
    public readonly delegate* unmanaged[Cdecl]<nint, void> DeleteStore;
    public readonly delegate* unmanaged[Cdecl]<nint, Function*, byte*, nuint, nint*, nint> Call;
    public readonly delegate* unmanaged[Cdecl]<nint, Memory*, byte*> MemoryStart;
    public readonly delegate* unmanaged[Cdecl]<nint, Memory*, nuint> MemoryLength;
    public readonly delegate* unmanaged[Cdecl]<byte*, nuint, nint> NewTrap;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, byte> TrapCode;
    public readonly delegate* unmanaged[Cdecl]<nint, ByteVector*, void> TrapMessage;
    public readonly delegate* unmanaged[Cdecl]<nint, void> DeleteTrap;
    public readonly delegate* unmanaged[Cdecl]<nint, ByteVector*, void> ErrorMessage;
    public readonly delegate* unmanaged[Cdecl]<nint, void> DeleteError;
    public readonly delegate* unmanaged[Cdecl]<ByteVector*, void> DeleteBytes;
    public readonly delegate* unmanaged[Cdecl]<byte, nint> NewType;
    public readonly delegate* unmanaged[Cdecl]<TypeVector*, nuint, nint*, void> NewTypes;
    public readonly delegate* unmanaged[Cdecl]<TypeVector*, TypeVector*, nint> NewFunctionType;

    private readonly nint _library;

    /// <exception cref="DllNotFoundException">The library doesn't exist, or can't be loaded here.</exception>
    /// <exception cref="EntryPointNotFoundException">It is another library, or another version.</exception>
    public WasmtimeApi(string path)
    {
        _library = NativeLibrary.Load(path);
        NewConfig = (delegate* unmanaged[Cdecl]<nint>)Find("wasm_config_new");
        NewEngine = (delegate* unmanaged[Cdecl]<nint, nint>)Find("wasm_engine_new_with_config");
        NewModule = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint*, nint>)Find("wasmtime_module_new");
        Serialize = (delegate* unmanaged[Cdecl]<nint, ByteVector*, nint>)Find("wasmtime_module_serialize");
        DeserializeFile = (delegate* unmanaged[Cdecl]<nint, byte*, nint*, nint>)Find(
            "wasmtime_module_deserialize_file");
        DeleteModule = (delegate* unmanaged[Cdecl]<nint, void>)Find("wasmtime_module_delete");
        NewLinker = (delegate* unmanaged[Cdecl]<nint, nint>)Find("wasmtime_linker_new");
        DefineFunction = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nint,
            delegate* unmanaged[Cdecl]<nint, nint, byte*, nuint, nint>, nint, nint, nint>)Find(
            "wasmtime_linker_define_func_unchecked");
        Prepare = (delegate* unmanaged[Cdecl]<nint, nint, nint*, nint>)Find("wasmtime_linker_instantiate_pre");
        DeletePrepared = (delegate* unmanaged[Cdecl]<nint, void>)Find("wasmtime_instance_pre_delete");
        Instantiate = (delegate* unmanaged[Cdecl]<nint, nint, Instance*, nint*, nint>)Find(
            "wasmtime_instance_pre_instantiate");
        GetExport = (delegate* unmanaged[Cdecl]<nint, Instance*, byte*, nuint, Export*, byte>)Find(
            "wasmtime_instance_export_get");
        NewStore = (delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)Find("wasmtime_store_new");
        ContextOf = (delegate* unmanaged[Cdecl]<nint, nint>)Find("wasmtime_store_context");
        Limit = (delegate* unmanaged[Cdecl]<nint, long, long, long, long, long, void>)Find("wasmtime_store_limiter");
        DeleteStore = (delegate* unmanaged[Cdecl]<nint, void>)Find("wasmtime_store_delete");
        Call = (delegate* unmanaged[Cdecl]<nint, Function*, byte*, nuint, nint*, nint>)Find(
            "wasmtime_func_call_unchecked");
        MemoryStart = (delegate* unmanaged[Cdecl]<nint, Memory*, byte*>)Find("wasmtime_memory_data");
        MemoryLength = (delegate* unmanaged[Cdecl]<nint, Memory*, nuint>)Find("wasmtime_memory_data_size");
        NewTrap = (delegate* unmanaged[Cdecl]<byte*, nuint, nint>)Find("wasmtime_trap_new");
        TrapCode = (delegate* unmanaged[Cdecl]<nint, byte*, byte>)Find("wasmtime_trap_code");
        TrapMessage = (delegate* unmanaged[Cdecl]<nint, ByteVector*, void>)Find("wasm_trap_message");
        DeleteTrap = (delegate* unmanaged[Cdecl]<nint, void>)Find("wasm_trap_delete");
        ErrorMessage = (delegate* unmanaged[Cdecl]<nint, ByteVector*, void>)Find("wasmtime_error_message");
        DeleteError = (delegate* unmanaged[Cdecl]<nint, void>)Find("wasmtime_error_delete");
        DeleteBytes = (delegate* unmanaged[Cdecl]<ByteVector*, void>)Find("wasm_byte_vec_delete");
        NewType = (delegate* unmanaged[Cdecl]<byte, nint>)Find("wasm_valtype_new");
        NewTypes = (delegate* unmanaged[Cdecl]<TypeVector*, nuint, nint*, void>)Find("wasm_valtype_vec_new");
        NewFunctionType = (delegate* unmanaged[Cdecl]<TypeVector*, TypeVector*, nint>)Find("wasm_functype_new");
    }

    /// <summary>Sets a switch of a configuration.</summary>
    public void Configure(nint config, string name, bool isOn) =>
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)Find($"wasmtime_config_{name}_set"))(
            config, isOn ? (byte)1 : (byte)0);

    /// <summary>Sets a size of a configuration, in bytes.</summary>
    public void Configure(nint config, string name, nuint bytes) =>
        ((delegate* unmanaged[Cdecl]<nint, nuint, void>)Find($"wasmtime_config_{name}_set"))(config, bytes);

    private nint Find(string name) => NativeLibrary.GetExport(_library, name);

    /// <summary><c>wasm_byte_vec_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ByteVector
    {
        public nuint Length;
        public byte* Start;
    }

    /// <summary><c>wasm_valtype_vec_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TypeVector
    {
        public nuint Length;
        public nint* Start;
    }

    /// <summary><c>wasmtime_instance_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Instance
    {
        public ulong Store;
        public nuint Private;
    }

    /// <summary><c>wasmtime_func_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Function
    {
        public ulong Store;
        public nint Private;
    }

    /// <summary><c>wasmtime_memory_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Memory
    {
        public ulong Store;
        public uint Private1;
        public uint Padding;
        public uint Private2;
    }

    /// <summary><c>wasmtime_extern_t</c>, with spare space after its largest member.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct Export
    {
        [FieldOffset(0)]
        public byte Kind;

        [FieldOffset(8)]
        public Function Function;

        [FieldOffset(8)]
        public Memory Memory;
    }
}
