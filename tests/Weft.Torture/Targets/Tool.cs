using System.Diagnostics;

namespace Weft.Torture.Targets;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(2);

    public static async Task<(int ExitCode, string Output)> RunAsync(string file, params IEnumerable<string> arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(file, arguments)
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeMax, TimeProvider.System);
        return (process.ExitCode, await output + await error);
    }

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task DoAsync(string file, params IEnumerable<string> arguments)
    {
        var (exitCode, output) = await RunAsync(file, arguments);
        if (exitCode != 0)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {exitCode}: " +
                $"{output.Trim()}");
    }

    /// <summary>The first of several programs that is installed; null for none.</summary>
    public static string? Find(params string[] names) =>
        names.FirstOrDefault(static name =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
                .Any(folder => File.Exists(Path.Combine(folder, name))));
}
