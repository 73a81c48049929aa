using System.IO.Compression;
using System.Text;

namespace Weft.Core.Modules.Packages;

/// <summary>Reads a wheel's metadata and its unpacked size. Only two small files are unpacked here.</summary>
public static class WheelReader
{
    private const string InfoSuffix = ".dist-info";

    /// <summary>Checks that an archive is the wheel that its name says.</summary>
    /// <param name="archive">Must be seekable.</param>
    /// <returns>The wheel, or one sentence that says why it is refused.</returns>
    public static async Task<(Wheel? Wheel, string? Fault)> ReadAsync(
        WheelName name, Stream archive, CancellationToken stop)
    {
        var (entries, fault) = await WheelDirectory.ReadAsync(archive, stop);
        if (fault is not null) return (null, fault);
        var metadata = await FindAsync(archive, entries, "METADATA", stop);
        var wheel = await FindAsync(archive, entries, "WHEEL", stop);
        if (metadata is null || wheel is null)
        {
            return (null, $"The wheel has no {InfoSuffix} folder with readable METADATA and WHEEL.");
        }
        if (WheelName.Normalize(First(metadata, "Name")) != name.Package
            || PackageVersion.TryParse(First(metadata, "Version"))?.CompareTo(name.Version) != 0)
        {
            return (null, $"The wheel's METADATA names a different package or version from {name.Text}.");
        }
        if (name.Tags.Except(All(wheel, "Tag"), StringComparer.Ordinal).Any())
        {
            return (null, $"The wheel's tags, in its file WHEEL, differ from {name.Text}.");
        }

        string[] requires = [.. All(metadata, "Requires-Dist").Take(Limits.PackageRequirementsMax)
            .Where(static text => text.Length <= Limits.PackageRequirementCharsMax)];
        return requires.Sum(static text => text.Length) > Limits.PackageRequirementsCharsMax
            ? (null, $"The wheel's METADATA has over {Limits.PackageRequirementsCharsMax} characters of requirements.")
            : (new(name, requires, entries.Sum(static entry => entry.Size)), null);
    }

    private static async Task<string?> FindAsync(
        Stream archive, IReadOnlyList<WheelEntry> entries, string file, CancellationToken stop)
    {
        var found = entries.Where(entry => entry.Name.Split('/') is [var folder, var last]
            && folder.EndsWith(InfoSuffix, StringComparison.Ordinal) && last == file).ToArray();
        if (found is not [var one] || Math.Max(one.Size, one.Packed) > Limits.PackageMetadataBytesMax) return null;
        if (await WheelDirectory.FindAsync(archive, one, stop) is not { } packed) return null;
        return one.Method == 0 ? Encoding.UTF8.GetString(packed.Span) : Inflate(packed, (int)one.Size);
    }

    private static string? Inflate(ReadOnlyMemory<byte> packed, int size)
    {
        try
        {
            using var deflated = new DeflateStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            var bytes = new byte[size + 1];
            return deflated.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == size
                ? Encoding.UTF8.GetString(bytes, 0, size)
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string First(string headers, string name) => All(headers, name).FirstOrDefault("");

    // In the format of mail headers, up to the first empty line. The headers read here are never folded.
    private static IEnumerable<string> All(string headers, string name) => headers.Split('\n')
        .Select(static line => line.TrimEnd('\r'))
        .TakeWhile(static line => line.Length > 0)
        .Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim());
}
