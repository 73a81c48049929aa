using System.ComponentModel;
using System.Diagnostics;

namespace Weft.Cli.Python;

/// <summary>Runs a few lines of this program's own in a Python, and reads what they print.</summary>
internal static class PythonAsk
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    /// <param name="python">What starts it: a name on the PATH, or a path.</param>
    /// <param name="code">What is run, without this machine's packages and whatever its variables say.</param>
    /// <param name="input">For its stdin; it must read all of it before it prints.</param>
    /// <returns>Its stdout as UTF-8; null: it isn't there, or has not ended within 30 s.</returns>
    public static async Task<string?> RunAsync(string python, string code, ReadOnlyMemory<byte> input,
        CancellationToken stop)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-I", "-S", "-W", "ignore", "-c", code])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = System.Text.Encoding.UTF8,
                // What it says there is of no use to people: it is no Python.
                RedirectStandardError = true,
            })!;
            try
            {
                using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
                late.CancelAfter(AnswerMax);
                await process.StandardInput.BaseStream.WriteAsync(input, late.Token);
                process.StandardInput.Close();
                return await process.StandardOutput.ReadToEndAsync(late.Token);
            }
            finally
            {
                process.Kill();
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return null;
        }
    }
}
