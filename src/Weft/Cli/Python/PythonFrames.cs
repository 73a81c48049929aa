using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Weft.Cli.Python;

/// <summary>The kinds of frames that an interpreter sends.</summary>
internal enum PythonAnswer
{
    Progress,
    Result,
    Error,
    FinalError,
}

/// <summary>The frames between a worker and its interpreter, as <c>worker.py</c> reads and writes them.</summary>
internal static class PythonFrames
{
    private const int LengthDigits = 8;

    /// <summary>Appends text as a frame.</summary>
    public static void Add(MemoryStream frames, ReadOnlySpan<byte> text)
    {
        frames.Write(Encoding.ASCII.GetBytes(text.Length.ToString("x8", CultureInfo.InvariantCulture)));
        frames.Write(text);
    }

    /// <summary>Reads the next answer. Null: the process has ended, or doesn't follow the protocol.</summary>
    public static async Task<(PythonAnswer Kind, byte[] Body)?> ReadAsync(Stream answers, int bytesMax)
    {
        try
        {
            var head = new byte[1 + LengthDigits];
            await answers.ReadExactlyAsync(head);
            if (KindOf(head[0]) is not { } kind) return null;
            if (!Utf8Parser.TryParse(head.AsSpan(1), out int length, out var used, 'x') || used != LengthDigits
                || length < 0 || length > bytesMax)
            {
                return null;
            }
            var body = new byte[length];
            await answers.ReadExactlyAsync(body);
            return (kind, body);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static PythonAnswer? KindOf(byte letter) => letter switch
    {
        (byte)'p' => PythonAnswer.Progress,
        (byte)'r' => PythonAnswer.Result,
        (byte)'e' => PythonAnswer.Error,
        (byte)'f' => PythonAnswer.FinalError,
        _ => null,
    };
}
