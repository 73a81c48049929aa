using System.Globalization;

namespace Weft.Cli.Exec;

/// <summary>
/// Runs a shell command once for each task, in a session of its own: what it started ends with it.
/// Safe for use by many threads.
/// </summary>
/// <param name="command">For <c>sh -c</c>.</param>
/// <param name="outputBytesMax">A program that writes more to its stdout is ended, and has failed.</param>
/// <param name="orphans">Ends what gets out of its session; null: nothing does.</param>
internal sealed class ExecProgram(string command, int outputBytesMax, ExecOrphans? orphans = null)
{
    // EX_DATAERR of sysexits.h: the payload is wrong, and no further attempt can mend it.
    private const int DataError = 65;

    // What is still in the pipes comes at once; more time is only needed where a process that got away holds one open.
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">What it finds on its stdin; it needn't read it.</param>
    /// <param name="variables">Added to its environment.</param>
    /// <param name="folder">Where it works; null: where this process does.</param>
    /// <param name="kill">Ends it at once, with all that it started.</param>
    /// <exception cref="OperationCanceledException">It was ended by <paramref name="kill"/>.</exception>
    public async Task<ExecOutcome> RunAsync(ReadOnlyMemory<byte> input, IReadOnlyDictionary<string, string> variables,
        string? folder, CancellationToken kill)
    {
        kill.ThrowIfCancellationRequested();
        using var session = ExecSession.Start(command, variables, orphans, folder);
        await using var killing = kill.Register(session.Kill);
        var feeding = FeedAsync(session.Process.StandardInput.BaseStream, input);
        var output = new ExecOutput(outputBytesMax, session.Kill).ReadAsync(session.Process.StandardOutput.BaseStream);
        var errors = ExecTail.ReadAsync(session.Process.StandardError.BaseStream);

        await session.Process.WaitForExitAsync(CancellationToken.None);
        await session.EndRestAsync();
        try
        {
            await Task.WhenAll(feeding, output, errors)
                .WaitAsync(DrainMax, TimeProvider.System, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            kill.ThrowIfCancellationRequested();
            return ExecOutcome.Failed("The program left a process behind that keeps its output open.");
        }

        kill.ThrowIfCancellationRequested();
        if (await output is not { } bytes)
        {
            return ExecOutcome.Failed($"The program's output is over {outputBytesMax} bytes.");
        }
        if (session.Process.ExitCode != 0)
        {
            return ExecOutcome.Failed(Explain(session.Process.ExitCode, await errors),
                mayRetry: session.Process.ExitCode != DataError);
        }
        return ExecOutcome.Done(bytes);
    }

    private static string Explain(int exitCode, string errors) =>
        string.Create(CultureInfo.InvariantCulture, $"Exit code {exitCode}{(errors.Length > 0 ? ": " : "")}{errors}");

    private static async Task FeedAsync(Stream stdin, ReadOnlyMemory<byte> input)
    {
        try
        {
            await stdin.WriteAsync(input);
            await stdin.DisposeAsync();
        }
        catch (IOException)
        {
            // It ended, or closed its stdin, without reading all: its exit code says whether that is a failure.
        }
    }
}

/// <summary>How a program ended: one of the first two is null.</summary>
/// <param name="Output">What it wrote to its stdout.</param>
/// <param name="Error">Why it failed, for people.</param>
/// <param name="MayRetry">False: no further attempt can mend it.</param>
internal sealed record ExecOutcome(byte[]? Output, string? Error, bool MayRetry = true)
{
    public static ExecOutcome Done(byte[] output) => new(output, null);

    public static ExecOutcome Failed(string error, bool mayRetry = true) => new(null, error, mayRetry);
}
