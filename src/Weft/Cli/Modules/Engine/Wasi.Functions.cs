using Weft.Core.Modules;
using static Weft.Cli.Modules.Engine.WasiErrno;

namespace Weft.Cli.Modules.Engine;

/// <summary>A WASI function; it returns an error number.</summary>
internal delegate int WasiFunction(Wasi system, WasiArguments given);

/// <content>The functions that a module may import.</content>
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
        ["fd_seek"] = static (wasi, given) => wasi.Seek(given[0], (long)given.Long(1), given[2], given[3]),
        ["fd_tell"] = static (wasi, given) => wasi.Seek(given[0], 0, 1, given[1]),
        ["fd_pread"] = static (wasi, given) =>
            wasi.ReadFile(wasi.FileOf(given[0]), given[1], given[2], given.Long(3), given[4]),
        ["fd_pwrite"] = static (wasi, given) =>
            wasi.WriteFile(wasi.FileOf(given[0]), given[1], given[2], given.Long(3), given[4]),
        ["fd_readdir"] = static (wasi, given) =>
            wasi.ReadFolder(given[0], given[1], given[2], given.Long(3), given[4]),
        ["fd_prestat_get"] = static (wasi, given) => wasi.PutPrestat(given[0], given[1]),
        ["fd_prestat_dir_name"] = static (wasi, given) => wasi.PutPrestatName(given[0], given[1], given[2]),
        ["fd_advise"] = static (wasi, given) => wasi.FileOf(given[0]) is null ? BadDescriptor : Success,
        ["fd_datasync"] = static (wasi, given) => wasi.FileOf(given[0]) is null ? BadDescriptor : Success,
        ["fd_sync"] = static (wasi, given) => wasi.FileOf(given[0]) is null ? BadDescriptor : Success,
        ["fd_allocate"] = static (wasi, given) =>
            wasi.Resize(given[0], unchecked(given.Long(1) + given.Long(2)), onlyGrows: true),
        ["fd_filestat_set_size"] = static (wasi, given) => wasi.Resize(given[0], given.Long(1), onlyGrows: false),
        ["fd_filestat_set_times"] = static (wasi, given) =>
            wasi.FileOf(given[0]) is { Node: { IsWritable: true } node }
                ? wasi.SetTimes(node, given.Long(1), given.Long(2), given[3]) : BadDescriptor,
        ["path_open"] = static (wasi, given) => wasi.OpenPath(given),
        ["path_filestat_get"] = static (wasi, given) => wasi.PutPathState(given[0], given[2], given[3], given[4]),
        ["path_filestat_set_times"] = static (wasi, given) => wasi.SetPathTimes(given),
        ["path_readlink"] = static (wasi, given) => wasi.ReadLink(given[0], given[1], given[2]),
        ["path_create_directory"] = static (wasi, given) => wasi.MakeFolder(given[0], given[1], given[2]),
        ["path_remove_directory"] = static (wasi, given) =>
            wasi.RemovePath(given[0], given[1], given[2], isFolder: true),
        ["path_unlink_file"] = static (wasi, given) => wasi.RemovePath(given[0], given[1], given[2], isFolder: false),
        ["path_rename"] = static (wasi, given) => wasi.RenamePath(given),
        ["path_link"] = static (wasi, given) => wasi.RefuseLinkTo(given),
        ["path_symlink"] = static (wasi, given) => wasi.RefuseLink(given[2], given[3], given[4]),
        ["fd_fdstat_get"] = static (wasi, given) => wasi.PutDescriptorState(given[0], given[1]),
        ["fd_fdstat_set_flags"] = static (wasi, given) => wasi.SetFlags(given[0], given[1]),
        ["fd_fdstat_set_rights"] = static (wasi, given) => wasi.SetRights(given[0], given.Long(1)),
        ["fd_filestat_get"] = static (wasi, given) => wasi.PutFileState(given[0], given[1]),
        ["poll_oneoff"] = static (wasi, given) => wasi.Poll(given[0], given[1], given[2], given[3]),
        ["proc_exit"] = static (_, given) => throw new WasiEndException(new(given[0], null)),
        ["proc_raise"] = static (_, _) => NotSupported,
        ["sched_yield"] = static (_, _) => Success,
    };

    /// <summary>All functions by name, in a fixed order.</summary>
    public static IReadOnlyList<(string Name, WasiFunction Function)> Functions { get; } =
        [.. WasiFunctions.Types.Keys.Order(StringComparer.Ordinal).Select(static name => (name, FunctionOf(name)))];

    private static WasiFunction FunctionOf(string name) =>
        Own.TryGetValue(name, out var own) ? own :
        name.StartsWith("sock_", StringComparison.Ordinal)
            ? static (wasi, given) => wasi.IsOpen(given[0]) ? NotSocket : BadDescriptor :
        static (_, _) => BadDescriptor;
}
