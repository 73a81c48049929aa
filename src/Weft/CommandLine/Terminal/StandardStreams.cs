using System.Text;

namespace Weft.CommandLine.Terminal;

/// <summary>
/// Stdout and stderr of every command: UTF-8 whatever the locale says, and no work ends because they can't be written.
/// Whoever has nothing else to do looks at <see cref="OutputFailure"/> and ends.
/// </summary>
internal static class StandardStreams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly DescriptorStream OutputStream = new(Descriptor.Output);
    private static readonly TextWriter RawOutput = Writer(OutputStream);
    private static readonly TextWriter RawError =
        TextWriter.Synchronized(Writer(new DescriptorStream(Descriptor.Error)));

    /// <summary>Why stdout can't be written; null while it can.</summary>
    public static string? OutputFailure => OutputStream.Failure;

    /// <summary>True: stdout is a pipe that nobody reads any more.</summary>
    public static bool IsReaderGone => OutputStream.IsReaderGone;

    /// <summary>Stdout for what is meant to steer the terminal.</summary>
    public static TextWriter TerminalOutput => RawOutput;

    /// <summary>Stderr for what is meant to steer the terminal.</summary>
    public static TextWriter TerminalError => RawError;

    /// <summary>From now on <see cref="Console.Out"/> and <see cref="Console.Error"/> are these.</summary>
    public static void Use()
    {
        // Into a pipe or a file go the bytes as they are.
        Console.SetOut(Console.IsOutputRedirected ? RawOutput : new InertWriter(RawOutput));
        Console.SetError(new InertWriter(RawError));
    }

    /// <summary>
    /// What a command ends with whose output may be lost; says so unless it is only that nobody reads.
    /// </summary>
    /// <param name="exitCode">Its own.</param>
    public static int Conclude(int exitCode)
    {
        if (OutputFailure is not { } failure || exitCode == ExitCode.OutputLost) return exitCode;
        if (IsReaderGone) return exitCode == ExitCode.Ok ? ExitCode.ReaderGone : exitCode;
        Console.Error.WriteLine($"weft: The output could not be written: {failure}.");
        return exitCode == ExitCode.Ok ? ExitCode.OutputLost : exitCode;
    }

    private static StreamWriter Writer(Stream stream) => new(stream, Utf8) { AutoFlush = true, NewLine = "\n" };
}
