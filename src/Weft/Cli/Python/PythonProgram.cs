using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Weft.Cli.Python;

/// <summary>The Python of this machine.</summary>
/// <param name="Path">What starts it: a name on the PATH, or a path.</param>
/// <param name="Major">3.</param>
/// <param name="Minor">11 of 3.11.</param>
internal sealed record PythonProgram(string Path, int Major, int Minor)
{
    private const int MinorMin = 9;

    private const string AskVersion = "import sys; print('%d.%d' % sys.version_info[:2])";
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(30);

    /// <summary>What tasks can require of it: Python 3.11 is <c>python-version=311</c>.</summary>
    public IReadOnlyList<string> Labels =>
        ["python", string.Create(CultureInfo.InvariantCulture, $"python-version={100 * Major + Minor}")];

    public string Version => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>Runs it once.</summary>
    /// <exception cref="CommandFailure">There is none, or it is too old.</exception>
    public static async Task<PythonProgram> FindAsync(string path, CancellationToken stop)
    {
        var version = await AskAsync(path, stop);
        if (version?.Trim().Split('.') is not [var first, var second]
            || !int.TryParse(first, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(second, CultureInfo.InvariantCulture, out var minor))
        {
            throw new CommandFailure($"{path} is not a Python that runs here: name one with --python PROGRAM.");
        }
        return (major, minor) is (3, >= MinorMin)
            ? new(path, major, minor)
            : throw new CommandFailure($"{path} is Python {major}.{minor}, and 3.{MinorMin} or later is needed.");
    }

    private static async Task<string?> AskAsync(string path, CancellationToken stop)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, ["-c", AskVersion])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                // What it says there is of no use to people: it is no Python.
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            try
            {
                return await process.StandardOutput.ReadToEndAsync(stop)
                    .WaitAsync(AnswerMax, TimeProvider.System, stop);
            }
            finally
            {
                process.Kill();
            }
        }
        catch (Exception exception) when (exception is Win32Exception or TimeoutException or IOException)
        {
            return null;
        }
    }
}
