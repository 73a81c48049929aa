using System.Buffers.Binary;
using System.Text;

namespace Weft.Cli.Modules.Engine;

/// <summary>The kinds of frames that a module's process sends.</summary>
internal enum ModuleAnswer : byte
{
    /// <summary>The content of its stdout: success.</summary>
    Output,

    /// <summary>Why the attempt failed.</summary>
    Error,

    /// <summary>Why the attempt failed, if no further attempt can succeed.</summary>
    FinalError,

    /// <summary>The compiled code can't be loaded.</summary>
    Unusable,

    /// <summary>The path of a file that the module wrote. Files and their bytes come before the answer.</summary>
    File,

    /// <summary>More bytes of that file.</summary>
    Piece,
}

/// <summary>A request to run a module.</summary>
/// <param name="Path">The file of the compiled code.</param>
/// <param name="Start">An export to call before <c>_start</c>; null: none.</param>
/// <param name="MemoryMb">Its memory limit.</param>
/// <param name="IsFixed">Clock and random bytes are the same in every run.</param>
/// <param name="Arguments">Without the program's name.</param>
/// <param name="Environment">In their order.</param>
/// <param name="Files">The local files of the task, by their paths; null: it has none.</param>
/// <param name="OutMb">Limit of the files below <c>out</c>; 0: none.</param>
/// <param name="Stdin">The whole input.</param>
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

/// <summary>The frames between a worker and a module's process: a kind, a length, and the content.</summary>
internal static class ModuleFrames
{
    private const int HeadBytes = 5;

    public static void Write(Stream target, byte kind, ReadOnlySpan<byte> body)
    {
        // A small frame is one write, so that the other side wakes up once.
        var frame = new byte[HeadBytes + body.Length];
        frame[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame.AsSpan(HeadBytes));
        target.Write(frame);
        target.Flush();
    }

    /// <summary>The next frame; null: the other side has ended, or doesn't follow the protocol.</summary>
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
