using System.Diagnostics;

namespace Weft.EndToEnd.Running;

/// <summary>What a command that ended said.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}";
}

/// <summary>Runs a command to its end and keeps what it says.</summary>
internal static class Command
{
    public static ProcessStartInfo Describe(string file, string folder, IEnumerable<string> arguments) =>
        new(file, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    public static async Task<CommandResult> RunAsync(ProcessStartInfo start, TimeSpan max, string input = "")
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(max, TimeProvider.System);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ran for more than " +
                $"{max}.\n{await output}\n{await error}");
        }
        return new CommandResult(process.ExitCode, await output, await error);
    }
}
