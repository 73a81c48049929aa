using System.Buffers.Binary;
using System.Text;

namespace Weft.Core.Modules.Packages;

/// <param name="Name">With slashes.</param>
/// <param name="Method">0: stored; 8: deflated.</param>
/// <param name="Packed">Its length in the archive.</param>
/// <param name="Size">Its length.</param>
/// <param name="Offset">The position of its header.</param>
internal readonly record struct WheelEntry(string Name, int Method, long Packed, long Size, long Offset);

/// <summary>
/// The directory of a zip archive, parsed strictly: anything that two readers could interpret differently is refused
/// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 and 4.3.16).
/// </summary>
internal static class WheelDirectory
{
    private const string Unreadable = "The wheel is not a zip archive, or is damaged.";

    private const int EndBytes = 22;
    private const int EntryBytes = 46;
    private const int HeaderBytes = 30;
    private const uint EndSignature = 0x06054b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint Elsewhere = uint.MaxValue;
    private const int UnixLink = 0xA000;
    private const int UnixType = 0xF000;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The entries of an archive; or one sentence that says why it is refused.</summary>
    public static async Task<(IReadOnlyList<WheelEntry> Entries, string? Fault)> ReadAsync(
        Stream archive, CancellationToken stop)
    {
        if (archive.Length < EndBytes) return ([], Unreadable);
        // Wheels have no comments.
        var end = await ReadAsync(archive, archive.Length - EndBytes, EndBytes, stop);
        var (count, size, offset) = (Word(end, 10), Long(end, 12), Long(end, 16));
        if (Long(end, 0) != EndSignature || Word(end, 20) != 0
            || offset + (long)size + EndBytes != archive.Length)
        {
            return ([], Unreadable);
        }
        if (count > Limits.PackageFilesMax || size > Limits.PackageDirectoryBytesMax)
        {
            return ([], $"The wheel has over {Limits.PackageFilesMax} files.");
        }

        var entries = new List<WheelEntry>(count);
        var fault = Read(await ReadAsync(archive, offset, (int)size, stop), count, offset, entries);
        return (entries, fault);
    }

    private static string? Read(ReadOnlyMemory<byte> directory, int count, long end, List<WheelEntry> entries)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < directory.Length;)
        {
            var entry = directory[at..];
            if (entry.Length < EntryBytes || Long(entry, 0) != EntrySignature || entries.Count == count)
            {
                return Unreadable;
            }
            var nameBytes = Word(entry, 28);
            var length = EntryBytes + nameBytes + Word(entry, 30) + Word(entry, 32);
            if (entry.Length < length) return Unreadable;
            if (FindFault(entry, nameBytes, out var found) is { } fault) return fault;
            if (!names.Add(found.Name)) return $"The wheel contains {found.Name} twice.";
            entries.Add(found);
            at += length;
        }

        if (entries.Count != count) return Unreadable;
        if (entries.Sum(static entry => entry.Size) > Limits.PackagesUnpackedBytesMax)
        {
            return $"The wheel has over {Limits.PackagesUnpackedBytesMax >> 20} MiB unpacked.";
        }
        return Overlap(entries, end) ? Unreadable : null;
    }

    private static string? FindFault(ReadOnlyMemory<byte> entry, int nameBytes, out WheelEntry found)
    {
        var (flags, method) = (Word(entry, 8), Word(entry, 10));
        var (packed, size, offset) = (Long(entry, 20), Long(entry, 24), Long(entry, 42));
        found = default;
        if (packed == Elsewhere || size == Elsewhere || offset == Elsewhere) return Unreadable;
        if ((flags & 1) != 0) return "The wheel has encrypted files.";
        if (method is not (0 or 8) || (method == 0 && packed != size)) return Unreadable;
        string name;
        try
        {
            name = Strict.GetString(entry.Span.Slice(EntryBytes, nameBytes));
        }
        catch (DecoderFallbackException)
        {
            return Unreadable;
        }

        if ((Long(entry, 38) >> 16 & UnixType) == UnixLink) return "The wheel has links.";
        found = new(name, method, packed, size, offset);
        var isFolder = name.EndsWith('/');
        return FilePath.FindOutputFault(isFolder ? name[..^1] : name) is { } fault ? $"In the wheel: {fault}" : null;
    }

    // Entries that share bytes unpack to more than the archive's size suggests.
    private static bool Overlap(List<WheelEntry> entries, long end)
    {
        var last = 0L;
        foreach (var entry in entries.OrderBy(static entry => entry.Offset))
        {
            if (entry.Offset < last) return true;
            last = entry.Offset + HeaderBytes + Encoding.UTF8.GetByteCount(entry.Name) + entry.Packed;
        }
        return last > end;
    }

    /// <summary>The bytes of an entry as they are in the archive.</summary>
    /// <returns>Null: it isn't at the position that the directory gives.</returns>
    public static async Task<ReadOnlyMemory<byte>?> FindAsync(Stream archive, WheelEntry entry, CancellationToken stop)
    {
        if (entry.Offset + HeaderBytes > archive.Length) return null;
        var header = await ReadAsync(archive, entry.Offset, HeaderBytes, stop);
        var start = entry.Offset + HeaderBytes + Word(header, 26) + Word(header, 28);
        return start + entry.Packed <= archive.Length ? await ReadAsync(archive, start, (int)entry.Packed, stop) : null;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        Stream archive, long offset, int length, CancellationToken stop)
    {
        var bytes = new byte[length];
        archive.Position = offset;
        await archive.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    private static int Word(ReadOnlyMemory<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[at..]);

    private static uint Long(ReadOnlyMemory<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]);
}
