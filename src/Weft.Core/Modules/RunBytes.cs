using System.Text.Json;

namespace Weft.Core.Modules;

/// <summary>
/// The members of <see cref="ModuleCall.Run"/> that the coordinator itself reads: the limits of outputs and memory.
/// </summary>
public static class RunBytes
{
    /// <summary>Bytes of output files that the task may write; 0: none.</summary>
    public static long OutputBytesOf(ReadOnlyMemory<byte>? run) => Read(run).OutMb << 20;

    /// <summary>Megabytes of memory that the task may use.</summary>
    public static int MemoryMbOf(ReadOnlyMemory<byte>? run) => Read(run).MemoryMb ?? Limits.RunMemoryMbDefault;

    /// <summary>Whether it has no other members: then it needs no module.</summary>
    public static bool IsForOutputsAlone(ReadOnlyMemory<byte>? run) => Read(run) is { OutMb: > 0, Others: 0 };

    private static (long OutMb, int? MemoryMb, int Others) Read(ReadOnlyMemory<byte>? run)
    {
        var (outMb, memoryMb, others) = (0L, (int?)null, 0);
        if (run is not { Length: > 0 } json) return default;
        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
            var (isOutMb, isMemoryMb) = (reader.ValueTextEquals("outMb"u8), reader.ValueTextEquals("memoryMb"u8));
            reader.Read();
            if (!isOutMb) others++;
            if (isOutMb) outMb = reader.GetInt64();
            else if (isMemoryMb) memoryMb = reader.GetInt32();
            else reader.Skip();
        }

        return (outMb, memoryMb, others);
    }
}
