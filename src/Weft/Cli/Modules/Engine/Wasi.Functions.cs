using Weft.Core.Modules;

namespace Weft.Cli.Modules.Engine;

/// <summary>A function of WASI; it answers an error's number.</summary>
internal delegate int WasiFunction(Wasi system, WasiArguments given);

/// <content>What a module may import.</content>
internal sealed partial class Wasi
{
    private static readonly Dictionary<string, WasiFunction> Own = new(StringComparer.Ordinal)
    {
        ["args_get"] = static (wasi, given) => wasi.PutStrings(wasi._arguments, given[0], given[1]),
        ["args_sizes_get"] = static (wasi, given) => wasi.PutSizes(wasi._arguments, given[0], given[1]),
        ["environ_get"] = static (wasi, given) => wasi.PutStrings(wasi._environment, given[0], given[1]),
        ["environ_sizes_get"] = static (wasi, given) => wasi.PutSizes(wasi._environment, given[0], given[1]),
        ["clock_res_get"] = static (wasi, given) => wasi.PutTime(given[1], wasi._clock.Resolution(given[0])),
        ["clock_time_get"] = static (wasi, given) => wasi.PutTime(given[2], wasi._clock.Now(given[0])),
        ["random_get"] = static (wasi, given) => wasi.FillRandom(given[0], given[1]),
        ["fd_read"] = static (wasi, given) => wasi.Read(given[0], given[1], given[2], given[3]),
        ["fd_write"] = static (wasi, given) => wasi.Write(given[0], given[1], given[2], given[3]),
        ["fd_close"] = static (wasi, given) => wasi.Close(given[0]),
        ["fd_renumber"] = static (wasi, given) => wasi.Renumber(given[0], given[1]),
        ["fd_seek"] = static (wasi, given) => wasi.IsOpen(given[0]) ? NoSeek : BadDescriptor,
        ["fd_tell"] = static (wasi, given) => wasi.IsOpen(given[0]) ? NoSeek : BadDescriptor,
        ["fd_fdstat_get"] = static (wasi, given) => wasi.PutDescriptorState(given[0], given[1]),
        ["fd_fdstat_set_flags"] = static (wasi, given) => wasi.IsOpen(given[0]) ? Success : BadDescriptor,
        ["fd_fdstat_set_rights"] = static (wasi, given) => wasi.IsOpen(given[0]) ? NotSupported : BadDescriptor,
        ["fd_filestat_get"] = static (wasi, given) => wasi.PutFileState(given[0], given[1]),
        ["poll_oneoff"] = static (wasi, given) => wasi.Poll(given[0], given[1], given[2], given[3]),
        ["proc_exit"] = static (_, given) => throw new WasiEndException(new(given[0], null)),
        ["proc_raise"] = static (_, _) => NotSupported,
        ["sched_yield"] = static (_, _) => Success,
    };

    /// <summary>All functions by their names, in one order.</summary>
    public static IReadOnlyList<(string Name, WasiFunction Function)> Functions { get; } =
        [.. WasiFunctions.Types.Keys.Order(StringComparer.Ordinal).Select(static name => (name, FunctionOf(name)))];

    // There are no files: whatever is passed as a file's descriptor is a bad one.
    private static WasiFunction FunctionOf(string name) =>
        Own.TryGetValue(name, out var own) ? own :
        name.StartsWith("path_", StringComparison.Ordinal) ? static (wasi, _) => wasi.OnPath() :
        name.StartsWith("sock_", StringComparison.Ordinal)
            ? static (wasi, given) => wasi.IsOpen(given[0]) ? NotSocket : BadDescriptor :
        static (_, _) => BadDescriptor;
}
