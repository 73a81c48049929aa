using System.Globalization;
using Weft.CommandLine;

namespace Weft.Cli.Python;

/// <summary>The Python of this machine.</summary>
/// <param name="Path">The interpreter: a name on the PATH, or a path.</param>
/// <param name="Major">3.</param>
/// <param name="Minor">For example 11 for 3.11.</param>
internal sealed record PythonProgram(string Path, int Major, int Minor)
{
    private const int MinorMin = 9;

    private const string AskVersion = "import sys; print('%d.%d' % sys.version_info[:2])";

    /// <summary>Its version as a capability: Python 3.11 is <c>python-version=311</c>.</summary>
    public IReadOnlyList<string> Labels =>
        ["python", string.Create(CultureInfo.InvariantCulture, $"python-version={100 * Major + Minor}")];

    public string Version => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>Runs it once to read its version.</summary>
    /// <exception cref="CommandFailure">There is no Python, or it is too old.</exception>
    public static async Task<PythonProgram> FindAsync(string path, CancellationToken stop)
    {
        var version = await PythonAsk.RunAsync(path, AskVersion, default, stop);
        if (version?.Trim().Split('.') is not [var first, var second]
            || !int.TryParse(first, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(second, CultureInfo.InvariantCulture, out var minor))
        {
            throw new CommandFailure($"{path} is not a working Python: name one with --python PROGRAM.");
        }
        return (major, minor) is (3, >= MinorMin)
            ? new(path, major, minor)
            : throw new CommandFailure($"{path} is Python {major}.{minor}, and 3.{MinorMin} or later is needed.");
    }
}
