using System.Globalization;

namespace Weft.Cli.Exec;

/// <summary>
/// Runs a shell command once for each task, in its own session, which is ended with it. Safe for use by many threads.
/// </summary>
/// <param name="command">The command for <c>sh -c</c>.</param>
/// <param name="outputBytesMax">A program that writes more to its stdout is ended, and its attempt fails.</param>
/// <param name="orphans">Ends processes that leave the session; null: they are not tracked.</param>
internal sealed class ExecProgram(string command, int outputBytesMax, ExecOrphans? orphans = null)
{
    // EX_DATAERR of sysexits.h: the payload is invalid, and no further attempt can succeed.
    private const int DataError = 65;

    // Data already in the pipes arrives at once; more time is only needed if a process that left the session keeps one
    // open.
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);

    /// <summary>Runs it until it ends.</summary>
    /// <param name="input">The content of its stdin, which it may leave unread.</param>
    /// <param name="variables">Additional environment variables.</param>
    /// <param name="folder">Its working directory; null: this process's.</param>
    /// <param name="kill">Ends it at once, with all processes that it started.</param>
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
            // It ended or closed its stdin without reading everything: its exit code says whether that is a failure.
        }
    }
}

/// <summary>How a program ended: Output or Error is null.</summary>
/// <param name="Output">The content of its stdout.</param>
/// <param name="Error">Why it failed, human-readable.</param>
/// <param name="MayRetry">False: no further attempt can succeed.</param>
internal sealed record ExecOutcome(byte[]? Output, string? Error, bool MayRetry = true)
{
    public static ExecOutcome Done(byte[] output) => new(output, null);

    public static ExecOutcome Failed(string error, bool mayRetry = true) => new(null, error, mayRetry);
}
