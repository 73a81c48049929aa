using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Core;
using Weft.Core.Modules;

namespace Weft.Cli.Modules.Engine;

/// <summary>An error that the engine reports for a module: one human-readable line.</summary>
internal sealed class EngineException(string message) : Exception(message);

/// <summary>
/// Wasmtime, for modules inside their box (<see cref="WasmBox"/>): compiles them, and runs one at a time. A module that
/// doesn't end is stopped by killing its process: interruption checks in each loop would make modules up to 2.5 times
/// as slow.
/// </summary>
internal sealed unsafe class WasmtimeEngine
{
    private const int StackBytes = 1 << 20;
    private const byte FunctionKind = 0, MemoryKind = 3;

    /// <summary>The trap's reason if a module doesn't catch an exception that it throws.</summary>
    public const string Thrown = "thrown Wasm exception";

    // The running module; the engine calls back on the thread that runs it.
    private static WasmtimeEngine? s_running;

    private readonly WasmtimeApi _api;
    private readonly nint _engine;
    private readonly nint _linker;
    private Wasi _system = null!;
    private nint _context;
    private WasmtimeApi.Memory _memory;

    /// <param name="path">The library's file.</param>
    public WasmtimeEngine(string path)
    {
        _api = new(path);
        var config = _api.NewConfig();
        _api.Configure(config, "max_wasm_stack", StackBytes);
        foreach (var (name, isOn) in Switches) _api.Configure(config, name, isOn);
        _engine = _api.NewEngine(config);
        _linker = _api.NewLinker(_engine);
        for (var i = 0; i < Wasi.Functions.Count; i++) Define(i, Wasi.Functions[i].Name);
    }

    // The features that browsers have and that WasmCheck allows. Settings that affect the compiled code are stored in
    // its file, and an engine with other settings refuses it.
    private static readonly (string Name, bool IsOn)[] Switches =
    [
        ("wasm_threads", true), ("shared_memory", false), ("wasm_simd", true), ("wasm_relaxed_simd", true),
        ("wasm_relaxed_simd_deterministic", true), ("wasm_bulk_memory", true), ("wasm_multi_value", true),
        ("wasm_reference_types", true), ("wasm_tail_call", true), ("wasm_exceptions", true), ("wasm_gc", false),
        ("wasm_multi_memory", false), ("wasm_memory64", false), ("memory_init_cow", true),
    ];

    /// <summary>Compiles a module into the format that <see cref="Load"/> reads.</summary>
    /// <exception cref="EngineException">The engine rejects the module.</exception>
    public void Compile(ReadOnlySpan<byte> module, Stream target)
    {
        nint compiled;
        fixed (byte* bytes = module) Check(_api.NewModule(_engine, bytes, (nuint)module.Length, &compiled));
        WasmtimeApi.ByteVector made;
        Check(_api.Serialize(compiled, &made));
        for (nuint done = 0; done < made.Length; done += int.MaxValue)
        {
            target.Write(new ReadOnlySpan<byte>(made.Start + done, (int)Math.Min(made.Length - done, int.MaxValue)));
        }
        _api.DeleteBytes(&made);
        _api.DeleteModule(compiled);
    }

    /// <summary>Loads code that this engine has compiled. It is machine code, so never load anything else.</summary>
    /// <exception cref="EngineException">The code is damaged, or from another engine.</exception>
    public WasmtimeModule Load(string path)
    {
        nint module, prepared;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0')) Check(_api.DeserializeFile(_engine, name, &module));
        Check(_api.Prepare(_linker, module, &prepared));
        return new(module, prepared);
    }

    public void Unload(WasmtimeModule module)
    {
        _api.DeletePrepared(module.Prepared);
        _api.DeleteModule(module.Module);
    }

    /// <summary>Runs a module until it ends.</summary>
    /// <param name="module">What to run.</param>
    /// <param name="start">An export to call before <c>_start</c>; null: none.</param>
    /// <param name="memoryBytesMax">Its memory limit.</param>
    /// <param name="system">Its WASI host, reset for this run; it knows how the module ended.</param>
    /// <param name="memoryBytes">Its memory at the end.</param>
    /// <returns>Null, or why it trapped; if <see cref="Wasi.End"/> is set, that takes precedence.</returns>
    /// <exception cref="EngineException">The module could not be started.</exception>
    public string? Run(WasmtimeModule module, string? start, long memoryBytesMax, Wasi system, out long memoryBytes)
    {
        memoryBytes = 0;
        var store = _api.NewStore(_engine, 0, 0);
        _api.Limit(store, memoryBytesMax, -1, 1, -1, 1);
        s_running = this;
        _system = system;
        _context = _api.ContextOf(store);
        try
        {
            WasmtimeApi.Instance instance;
            nint trap = 0;
            Check(_api.Instantiate(module.Prepared, _context, &instance, &trap));
            if (trap != 0) return Explain(trap);
            _memory = Find(&instance, "memory", MemoryKind).Memory;
            var reason = start is null ? null : Call(&instance, start);
            return reason ?? (system.End is null ? Call(&instance, "_start") : null);
        }
        finally
        {
            if (_memory.Store != 0)
            {
                fixed (WasmtimeApi.Memory* memory = &_memory) memoryBytes = (long)_api.MemoryLength(_context, memory);
            }
            _memory = default;
            _context = 0;
            s_running = null;
            _api.DeleteStore(store);
        }
    }

    private string? Call(WasmtimeApi.Instance* instance, string name)
    {
        var function = Find(instance, name, FunctionKind).Function;
        nint trap = 0;
        // It may have parameters, and gets zeros, as in a browser; its results overwrite them.
        const int values = Limits.ModuleParametersMax;
        var given = stackalloc byte[values * WasiArguments.ValueBytes];
        new Span<byte>(given, values * WasiArguments.ValueBytes).Clear();
        Check(_api.Call(_context, &function, given, values, &trap));
        return trap == 0 ? null : Explain(trap);
    }

    private WasmtimeApi.Export Find(WasmtimeApi.Instance* instance, string name, byte kind)
    {
        WasmtimeApi.Export export = default;
        var bytes = Encoding.UTF8.GetBytes(name);
        byte found;
        fixed (byte* text = bytes) found = _api.GetExport(_context, instance, text, (nuint)bytes.Length, &export);
        return found != 0 && export.Kind == kind ? export : throw new EngineException($"It doesn't export \"{name}\".");
    }

    private void Define(int place, string name)
    {
        var module = Encoding.UTF8.GetBytes(WasiFunctions.Module);
        var function = Encoding.UTF8.GetBytes(name);
        var type = WasiFunctions.Types[name].Split(':');
        var (parameters, results) = (TypesOf(type[0]), TypesOf(type[1]));
        fixed (byte* from = module, named = function)
        {
            Check(_api.DefineFunction(_linker, from, (nuint)module.Length, named, (nuint)function.Length,
                _api.NewFunctionType(&parameters, &results), &OnCall, place, 0));
        }
    }

    private WasmtimeApi.TypeVector TypesOf(string letters)
    {
        WasmtimeApi.TypeVector types;
        // One more, since even an empty list needs an address.
        var kinds = stackalloc nint[letters.Length + 1];
        for (var i = 0; i < letters.Length; i++) kinds[i] = _api.NewType(letters[i] == 'i' ? (byte)0 : (byte)1);
        _api.NewTypes(&types, (nuint)letters.Length, kinds);
        return types;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnCall(nint place, nint caller, byte* values, nuint count)
    {
        var engine = s_running!;
        var system = engine._system;
        try
        {
            engine.LookAtMemory();
            var error = Wasi.Functions[(int)place].Function(system, new(values));
            *(int*)values = error;
            return 0;
        }
        catch (WasiEndException end)
        {
            system.End ??= end.End;
        }
        // No exception may leave here: any exception ends this module.
        catch (Exception exception)
        {
            system.End ??= new(null, $"The module’s system failed: {exception.Message}");
        }

        byte nothing = 0;
        return engine._api.NewTrap(&nothing, 0);
    }

    private void LookAtMemory()
    {
        if (_memory.Store == 0) return;
        fixed (WasmtimeApi.Memory* memory = &_memory)
        {
            _system.Memory.Look(_api.MemoryStart(_context, memory), _api.MemoryLength(_context, memory));
        }
    }

    private string Explain(nint trap)
    {
        byte code;
        var isKnown = _api.TrapCode(trap, &code) != 0 && code < TrapWords.Length;
        WasmtimeApi.ByteVector text;
        _api.TrapMessage(trap, &text);
        var message = Take(&text);
        _api.DeleteTrap(trap);
        // Without a code, the reason is at the end of the message.
        return isKnown ? TrapWords[code] : message.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
    }

    // As browsers say it, in the order of wasmtime_trap_code_enum.
    private static readonly string[] TrapWords =
    [
        "call stack exhausted", "memory access out of bounds", "operation does not support unaligned accesses",
        "table index is out of bounds", "null function or function signature mismatch",
        "null function or function signature mismatch", "divide result unrepresentable", "divide by zero",
        "float unrepresentable in integer range", "unreachable",
    ];

    private void Check(nint error)
    {
        if (error == 0) return;
        WasmtimeApi.ByteVector text;
        _api.ErrorMessage(error, &text);
        var message = Take(&text);
        _api.DeleteError(error);
        throw new EngineException(message);
    }

    private string Take(WasmtimeApi.ByteVector* text)
    {
        var message = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text->Start, (int)text->Length)).TrimEnd('\0');
        _api.DeleteBytes(text);
        return message;
    }
}

/// <summary>A module that is ready to run.</summary>
/// <param name="Module">Its code.</param>
/// <param name="Prepared">Its code linked with its host.</param>
internal readonly record struct WasmtimeModule(nint Module, nint Prepared);
