using System.Runtime.InteropServices;

namespace Weft.Storage;

/// <summary>
/// What the BCL doesn't say about a file or folder: what it is, how many names it has, and whose it is. Layout:
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

    /// <summary>The user that this process acts as; null where the system can't be asked.</summary>
    public static uint? User => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>
    /// Whether a file, not a link, holds bytes of its own, and is no pipe, socket or device; false where the system
    /// can't be asked.
    /// </summary>
    public static bool IsRegular(string path) =>
        Ask(path, behindLinks: false) is { } status && (status.Mode & TypeMask) == RegularType;

    /// <summary>1 where the system can't be asked.</summary>
    public static long LinkCount(string path) => Ask(path, behindLinks: true)?.Links ?? 1;

    /// <summary>Who owns a file or folder; null where the system can't be asked.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="behindLinks">True: what a link leads to. False: the link itself.</param>
    public static uint? Owner(string path, bool behindLinks) => Ask(path, behindLinks)?.Owner;

    /// <summary>
    /// Who owns what a path leads to, or the link that it is, where that is neither this process's user nor root; null
    /// where it is one of them, or the system can't be asked.
    /// </summary>
    public static uint? Stranger(string path) =>
        StrangerAmong(Owner(path, behindLinks: false)) ?? StrangerAmong(Owner(path, behindLinks: true));

    private static uint? StrangerAmong(uint? owner) => owner == Root || owner == User ? null : owner;

    /// <summary>Whether users may write who are neither the owner nor of the group of what a path leads to.</summary>
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
