using System.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// Stdout and stderr of every command: UTF-8 whatever the locale, and a write failure doesn't end the work. Commands
/// with nothing else to do check <see cref="OutputFailure"/> and end.
/// </summary>
internal static class StandardStreams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly DescriptorStream OutputStream = new(Descriptor.Output);
    private static readonly TextWriter RawOutput = Writer(OutputStream);
    private static readonly TextWriter RawError =
        TextWriter.Synchronized(Writer(new DescriptorStream(Descriptor.Error)));

    /// <summary>Why writing to stdout failed; null if it hasn't.</summary>
    public static string? OutputFailure => OutputStream.Failure;

    /// <summary>True: stdout is a pipe without a reader.</summary>
    public static bool IsReaderGone => OutputStream.IsReaderGone;

    /// <summary>Stdout for terminal control sequences.</summary>
    public static TextWriter TerminalOutput => RawOutput;

    /// <summary>Stderr for terminal control sequences.</summary>
    public static TextWriter TerminalError => RawError;

    /// <summary>Makes these <see cref="Console.Out"/> and <see cref="Console.Error"/>.</summary>
    public static void Use()
    {
        // Into a pipe or a file, text is written unescaped.
        Console.SetOut(Console.IsOutputRedirected ? RawOutput : new InertWriter(RawOutput));
        Console.SetError(new InertWriter(RawError));
    }

    /// <summary>
    /// The exit code of a command whose output may be lost. Reports the failure unless only the reader has gone.
    /// </summary>
    /// <param name="exitCode">The command's own exit code.</param>
    public static int Conclude(int exitCode)
    {
        if (OutputFailure is not { } failure || exitCode == ExitCode.OutputLost) return exitCode;
        if (IsReaderGone) return exitCode == ExitCode.Ok ? ExitCode.ReaderGone : exitCode;
        Console.Error.WriteLine($"weft: The output could not be written: {failure}.");
        return exitCode == ExitCode.Ok ? ExitCode.OutputLost : exitCode;
    }

    private static StreamWriter Writer(Stream stream) => new(stream, Utf8) { AutoFlush = true, NewLine = "\n" };
}
