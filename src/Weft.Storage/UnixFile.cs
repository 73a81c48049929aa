using System.Runtime.InteropServices;

namespace Weft.Storage;

/// <summary>
/// Properties of a file or folder that the BCL doesn't provide: its type, its number of names, and its owner. Layout:
/// statx(2), the same on every architecture.
/// </summary>
public static partial class UnixFile
{
    private const int CurrentFolder = -100;
    private const uint Root = 0;
    private const int NotBehindLinks = 0x100;
    private const uint BasicMembers = 0x7FF;
    private const ushort TypeMask = 0xF000;
    private const ushort RegularType = 0x8000;

    /// <summary>The user that this process runs as; null if unknown.</summary>
    public static uint? User => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>
    /// Whether a file, not a link, is a regular one rather than a pipe, socket or device; false if unknown.
    /// </summary>
    public static bool IsRegular(string path) =>
        Ask(path, behindLinks: false) is { } status && (status.Mode & TypeMask) == RegularType;

    /// <summary>1 if unknown.</summary>
    public static long LinkCount(string path) => Ask(path, behindLinks: true)?.Links ?? 1;

    /// <summary>The owner of a file or folder; null if unknown.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="behindLinks">True: the target of a link. False: the link itself.</param>
    public static uint? Owner(string path, bool behindLinks) => Ask(path, behindLinks)?.Owner;

    /// <summary>
    /// The owner of a path's target, or of the link itself, if that is neither this process's user nor root; null if it
    /// is one of them, or unknown.
    /// </summary>
    public static uint? Stranger(string path) =>
        StrangerAmong(Owner(path, behindLinks: false)) ?? StrangerAmong(Owner(path, behindLinks: true));

    private static uint? StrangerAmong(uint? owner) => owner == Root || owner == User ? null : owner;

    /// <summary>Whether users other than the owner and the group may write to a path's target.</summary>
    public static bool IsWritableByAll(string path) => Mode(path) is { } mode && mode.HasFlag(UnixFileMode.OtherWrite);

    private static UnixFileMode? Mode(string path) =>
        Ask(path, behindLinks: true) is { } status ? (UnixFileMode)(status.Mode & 0xFFF) : null;

    private static FileStatus? Ask(string path, bool behindLinks) =>
        OperatingSystem.IsLinux()
        && Statx(CurrentFolder, path, behindLinks ? 0 : NotBehindLinks, BasicMembers, out var status) == 0 ? status
        : null;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out FileStatus status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
