using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Weft.Core.Modules;

/// <summary>A file that a task finds at a path, or wrote there.</summary>
/// <param name="Path">Relative, with slashes: see <see cref="FilePath"/>.</param>
/// <param name="Blob">The hash of its bytes.</param>
/// <param name="Size">Its bytes, for an output; null for a file that a task finds.</param>
public readonly record struct TaskFile(string Path, ModuleHash Blob, long? Size = null);

/// <summary>
/// The files of a task, or its outputs, stored once for all tasks that name the same. Equal sets have equal JSON, in
/// whatever order the files were given.
/// </summary>
public sealed class FileSet
{
    /// <summary>The empty set of a task that finds no files, and may write some.</summary>
    public static readonly FileSet Empty = new([]);

    /// <param name="files">Without duplicates, each with a path that <see cref="FilePath"/> allows.</param>
    public FileSet(IEnumerable<TaskFile> files)
    {
        Files = [.. files.OrderBy(static file => file.Path, StringComparer.Ordinal)];
        Json = Write(Files);
        var hash = SHA256.HashData(Json.Span);
        Hash = ModuleHash.From(hash);
        Id = BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>A set as it is stored.</summary>
    public static FileSet Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.EnumerateArray().Select(static file => new TaskFile(
            file.GetProperty("path"u8).GetString()!, ModuleHash.Parse(file.GetProperty("blob"u8).GetString()!),
            file.TryGetProperty("size"u8, out var size) ? size.GetInt64() : null)));
    }

    /// <summary>By path.</summary>
    public IReadOnlyList<TaskFile> Files { get; }

    /// <summary>
    /// The stored and transmitted form: an array of <c>{"path","blob"}</c>, for outputs with their <c>"size"</c>.
    /// </summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The SHA-256 of <see cref="Json"/>.</summary>
    public ModuleHash Hash { get; }

    /// <summary>
    /// The first 64 bits of the hash: known before anything is stored. A collision with another set is practically
    /// impossible, and is refused.
    /// </summary>
    public long Id { get; }

    private static ReadOnlyMemory<byte> Write(IReadOnlyList<TaskFile> files)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        writer.WriteStartArray();
        foreach (var (path, blob, size) in files)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, path);
            writer.WriteString("blob"u8, blob.ToString());
            if (size is { } known) writer.WriteNumber("size"u8, known);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        return bytes.WrittenMemory;
    }
}
