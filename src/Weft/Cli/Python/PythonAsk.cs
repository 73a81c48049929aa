using System.ComponentModel;
using System.Diagnostics;

namespace Weft.Cli.Python;

/// <summary>Runs a few fixed lines in a Python interpreter, and reads their output.</summary>
internal static class PythonAsk
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    /// <param name="python">The interpreter: a name on the PATH, or a path.</param>
    /// <param name="code">The code, which runs without this machine's packages and environment variables.</param>
    /// <param name="input">Its stdin; the code must read all of it before it prints.</param>
    /// <returns>Its stdout as UTF-8; null: there is no such interpreter, or it has not ended within 30 s.</returns>
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
                // Its output is not useful to the user: it is not a Python.
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
