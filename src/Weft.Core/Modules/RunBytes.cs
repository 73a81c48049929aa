using System.Text.Json;

namespace Weft.Core.Modules;

/// <summary>What the coordinator itself reads of <see cref="ModuleCall.Run"/>: how much a task may write.</summary>
public static class RunBytes
{
    /// <summary>Bytes of files that the task may write; 0: none.</summary>
    public static long OutputBytesOf(ReadOnlyMemory<byte>? run) => Read(run).OutMb << 20;

    /// <summary>Whether nothing else is said: then it needs no module.</summary>
    public static bool IsForOutputsAlone(ReadOnlyMemory<byte>? run) => Read(run) is { OutMb: > 0, Others: 0 };

    private static (long OutMb, int Others) Read(ReadOnlyMemory<byte>? run)
    {
        var (outMb, others) = (0L, 0);
        if (run is not { Length: > 0 } json) return default;
        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName) continue;
            var isIt = reader.ValueTextEquals("outMb"u8);
            reader.Read();
            if (isIt) outMb = reader.GetInt64();
            else
            {
                others++;
                reader.Skip();
            }
        }

        return (outMb, others);
    }
}
