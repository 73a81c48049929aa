using System.Buffers.Binary;
using System.Text;

namespace Weft.Cli.Modules.Engine;

/// <summary>What a module's process says of a task.</summary>
internal enum ModuleAnswer : byte
{
    /// <summary>What it wrote to its stdout.</summary>
    Output,

    /// <summary>Why the attempt has failed.</summary>
    Error,

    /// <summary>The same, and no further attempt can mend it.</summary>
    FinalError,

    /// <summary>What was compiled can't be loaded.</summary>
    Unusable,

    /// <summary>A file that it wrote begins: its path. It comes before the answer, and its bytes with it.</summary>
    File,

    /// <summary>More bytes of that file.</summary>
    Piece,
}

/// <summary>A run of a module, as its process gets it.</summary>
/// <param name="Path">What was compiled.</param>
/// <param name="Start">An export to call before <c>_start</c>; null: none.</param>
/// <param name="MemoryMb">What it may use.</param>
/// <param name="IsFixed">Clock and random bytes are the same at every run.</param>
/// <param name="Arguments">Without the program's name.</param>
/// <param name="Environment">In their order.</param>
/// <param name="Files">Where on this machine the task's files are, by their paths; null: it has none.</param>
/// <param name="OutMb">What it may write below <c>out</c>; 0: nothing.</param>
/// <param name="Stdin">All of it.</param>
internal sealed record ModuleRunFrame(string Path, string? Start, int MemoryMb, bool IsFixed,
    IReadOnlyList<string> Arguments, IReadOnlyList<KeyValuePair<string, string>> Environment,
    IReadOnlyList<KeyValuePair<string, string>>? Files, int OutMb, ReadOnlyMemory<byte> Stdin)
{
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Path);
        writer.Write(Start ?? "");
        writer.Write(MemoryMb);
        writer.Write(IsFixed);
        writer.Write(Arguments.Count);
        foreach (var each in Arguments) writer.Write(each);
        Write(writer, Environment);
        writer.Write(Files is not null);
        Write(writer, Files ?? []);
        writer.Write(OutMb);
        writer.Write(Stdin.Span);
        return bytes.ToArray();
    }

    public static ModuleRunFrame Read(byte[] frame)
    {
        using var bytes = new MemoryStream(frame);
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        var (path, start) = (reader.ReadString(), reader.ReadString());
        var (memoryMb, isFixed) = (reader.ReadInt32(), reader.ReadBoolean());
        var arguments = new string[reader.ReadInt32()];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = reader.ReadString();
        var environment = ReadPairs(reader);
        var hasFiles = reader.ReadBoolean();
        var files = ReadPairs(reader);
        var outMb = reader.ReadInt32();
        return new(path, start.Length == 0 ? null : start, memoryMb, isFixed, arguments, environment,
            hasFiles ? files : null, outMb, frame.AsMemory((int)bytes.Position));
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        writer.Write(pairs.Count);
        foreach (var (name, text) in pairs)
        {
            writer.Write(name);
            writer.Write(text);
        }
    }

    private static KeyValuePair<string, string>[] ReadPairs(BinaryReader reader)
    {
        var pairs = new KeyValuePair<string, string>[reader.ReadInt32()];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = new(reader.ReadString(), reader.ReadString());
        return pairs;
    }
}

/// <summary>The frames between a worker and the process of its modules: a kind, a length, and so many bytes.</summary>
internal static class ModuleFrames
{
    private const int HeadBytes = 5;

    public static void Write(Stream target, byte kind, ReadOnlySpan<byte> body)
    {
        // In one piece where it is small: the other side wakes up once.
        var frame = new byte[HeadBytes + body.Length];
        frame[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame.AsSpan(HeadBytes));
        target.Write(frame);
        target.Flush();
    }

    /// <summary>The next one; null: the other side has ended, or speaks something else.</summary>
    public static (byte Kind, byte[] Body)? Read(Stream source, int bytesMax)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        if (source.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[1..]);
        if (length < 0 || length > bytesMax) return null;
        var body = new byte[length];
        return source.ReadAtLeast(body, length, throwOnEndOfStream: false) < length ? null : (head[0], body);
    }
}
