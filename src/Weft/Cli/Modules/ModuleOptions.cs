using System.CommandLine;
using Weft.Cli.Files;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.Contracts;

namespace Weft.Cli.Modules;

/// <summary>The options for the tasks' module and how to run it, for commands that submit.</summary>
internal static class ModuleOptions
{
    private static readonly Option<string?> Module = new("--module")
    {
        Description = "Module that workers run on the payload: a file, pushed if needed, or a module's hash (a " +
            "unique prefix is enough)",
        HelpName = "file|sha256",
    };
    private static readonly Option<string?> Python = new("--python")
    {
        Description = "Like --module, for a Python script with task(payload) or task(payload, ctx), or a folder " +
            "whose task.py does",
        HelpName = "file",
    };

    public static void AddTo(Command command)
    {
        command.Options.Add(Module);
        command.Options.Add(Python);
        PackageOptions.AddTo(command);
        RunOptions.AddTo(command);
        RunFileOptions.AddTo(command);
    }

    /// <summary>The chosen options. Nothing is pushed yet.</summary>
    public static async Task<ModuleChoice> ReadAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var module = await OpenAsync(flags, api, stop);
        return new(
            module, RunFileOptions.Read(flags), await PackageOptions.ReadAsync(flags, module is not null, stop),
            RunOptions.Read(flags), RunOptions.Describe(flags));
    }

    private static async Task<ModuleFile?> OpenAsync(ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var (module, script) = (flags.GetValue(Module), flags.GetValue(Python));
        if (module is not null && script is not null)
        {
            throw new UsageFailure("--module and --python both name what workers run: give only one of them.");
        }
        if (script is not null) return await PythonScript.OpenAsync(script, stop);
        return module is null ? null : await ModuleFile.OpenAsync(module, api, stop);
    }
}

/// <param name="File">Null: the queue's module, if it has one.</param>
/// <param name="Files">The tasks' files.</param>
/// <param name="Packages">The packages that a Python script imports.</param>
/// <param name="Run">Null: as the queue says.</param>
/// <param name="RunText">The same options as typed.</param>
internal sealed record ModuleChoice(
    ModuleFile? File, FileChoice Files, PackageChoice Packages, ModuleRun? Run, string RunText)
{
    private const int OutMbDefault = 64;

    /// <summary>Equal for the same module and files, by their bytes, and the same options; empty for none.</summary>
    public string Text => File is null ? RunText : $"--module={File.Hash} {RunText}";

    /// <summary>Pushes the module, files and local wheels that the coordinator doesn't have.</summary>
    /// <returns>The choice, with hashes instead of files.</returns>
    public async Task<ModuleChoice> EnsureAsync(RemoteApi api, CancellationToken stop)
    {
        if (File is not null) await File.EnsureAsync(api, stop);
        var (files, packages) = (await Files.EnsureAsync(api, stop), await Packages.EnsureAsync(api, stop));
        if (files is null && packages is null) return this;
        IEnumerable<string> texts =
        [
            RunText, .. files?.Select(static file => $"--file={file.Path}={file.Blob}") ?? [],
            .. packages?.Select(static package => $"--package={package}") ?? [],
        ];
        return this with
        {
            Run = (Run ?? new()) with { Files = files, Packages = packages },
            RunText = string.Join(' ', texts).TrimStart(),
        };
    }

    /// <summary>The same choice, but tasks may write files unless the options say otherwise.</summary>
    public ModuleChoice WithOutputs() => Run?.OutMb is not null ? this : this with
    {
        Run = (Run ?? new()) with { OutMb = OutMbDefault },
        RunText = $"{RunText} --out-mb={OutMbDefault}".TrimStart(),
    };

    public TaskRequest AddTo(TaskRequest task) => task with { Module = File?.Hash.ToString(), Run = Run };
}
