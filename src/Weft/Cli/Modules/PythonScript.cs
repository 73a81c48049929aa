using System.Text;
using System.Text.RegularExpressions;
using Weft.Cli.Python;
using Weft.CommandLine;
using Weft.Core;

namespace Weft.Cli.Modules;

/// <summary>The value of <c>--python</c>, checked before a submit as far as possible.</summary>
internal static partial class PythonScript
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="typed">A script, or a folder with a <c>task.py</c>.</param>
    /// <exception cref="CommandFailure">It can't be read, or isn't such a script.</exception>
    public static async Task<ModuleFile> OpenAsync(string typed, CancellationToken stop)
    {
        if (!Path.Exists(typed)) throw new CommandFailure($"There is no file {typed}.");
        var isFolder = Directory.Exists(typed);
        var (shown, max) = isFolder ? (Path.Combine(typed, PythonFolder.ScriptName), Limits.PythonFolderBytesMax)
            : (typed, Limits.PythonModuleBytesMax);
        if (!isFolder && new FileInfo(typed).Length > max)
        {
            throw new CommandFailure($"{typed} is over {max >> 20} MiB: that is too large for a script.");
        }

        if (isFolder)
        {
            var folder = PythonFolder.OfFolder(typed);
            await CheckAsync(folder.Script, shown, stop);
            return ModuleFile.OfFolder(folder.ToZip(), typed);
        }

        await CheckAsync(await ReadAsync(typed, stop), shown, stop);
        return await ModuleFile.OpenScriptAsync(typed, stop);
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} can't be read: {exception.Message}");
        }
    }

    private static async Task CheckAsync(byte[] script, string shown, CancellationToken stop)
    {
        if (!Names().IsMatch(Read(script, shown)))
        {
            throw new CommandFailure($"{shown} defines no task: it needs a function 'def task(payload):'.");
        }
        if (await PythonSyntax.FindFaultAsync(script, stop) is { } fault)
        {
            // A worker's Python may be newer than the local one.
            throw new CommandFailure($"{shown}: {fault}. If the workers' Python accepts it, name it with --module.");
        }
    }

    private static string Read(byte[] script, string shown)
    {
        try
        {
            return Strict.GetString(script);
        }
        catch (DecoderFallbackException)
        {
            throw new CommandFailure($"{shown} is not UTF-8 text.");
        }
    }

    // However it is defined: by def, by an import, by an assignment.
    [GeneratedRegex(@"\btask\b", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
