using System.Text;
using System.Text.RegularExpressions;
using Weft.Cli.Python;
using Weft.Core;

namespace Weft.Cli.Modules;

/// <summary>The file of <c>--python</c>. What is wrong with it is said before a submit, as far as it shows.</summary>
internal static partial class PythonScript
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="CommandFailure">It can't be read, or can't be such a script.</exception>
    public static async Task<ModuleFile> OpenAsync(string typed, CancellationToken stop)
    {
        if (!File.Exists(typed)) throw new CommandFailure($"There is no file {typed}.");
        if (new FileInfo(typed).Length > Limits.PythonModuleBytesMax)
        {
            throw new CommandFailure(
                $"{typed} is over {Limits.PythonModuleBytesMax >> 20} MiB: a script may have no more.");
        }

        var file = await ModuleFile.OpenScriptAsync(typed, stop);
        var text = await ReadAsync(typed, stop);
        if (!Names().IsMatch(text))
        {
            throw new CommandFailure($"{typed} defines no task: it needs a function 'def task(payload):'.");
        }
        if (await PythonSyntax.FindFaultAsync(Strict.GetBytes(text), stop) is { } fault)
        {
            // A worker's Python may be newer than this one.
            throw new CommandFailure(
                $"{typed}: {fault}. For workers whose Python takes it, name it with --module.");
        }
        return file;
    }

    private static async Task<string> ReadAsync(string typed, CancellationToken stop)
    {
        try
        {
            return await File.ReadAllTextAsync(typed, Strict, stop);
        }
        catch (DecoderFallbackException)
        {
            throw new CommandFailure($"{typed} is not UTF-8 text.");
        }
    }

    // However it comes to be defined: by def, by an import, by an assignment.
    [GeneratedRegex(@"\btask\b", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
