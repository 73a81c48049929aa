using System.CommandLine;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;

namespace Weft.Cli.Modules;

/// <summary><c>weft module</c>: pushes modules, lists and deletes them.</summary>
internal static class ModuleCommand
{
    public static Command Create() =>
        new Command("module", "Manage modules: programs that workers run on payloads.") { Push(), List(), Delete() }
            .RemoteOptions()
            .WithExamples("weft module push square.wasm", "weft module list", "weft module delete 93a44bbb");

    private static Command Push()
    {
        var file = new Argument<string>("file")
        {
            Description = "A WebAssembly module, or JavaScript (.js, .mjs) or Python (.py, or a folder as .zip) if " +
                "the coordinator allows it",
        };
        var label = new Option<string?>("--name")
        {
            Description = "Display name [default: the file's name]",
            HelpName = "label",
        };
        return new Command("push", "Push a module and print its hash.") { file, label }.Does(async (flags, api, stop) =>
        {
            var module = await ModuleFile.OpenAsync(flags.GetRequiredValue(file), api, stop);
            var info = await module.PushAsync(api, flags.GetValue(label), stop);
            if (flags.WantsJson()) JsonOutput.Print(info, WireJson.Default.ModuleInfo);
            else Console.Out.WriteLine(info.Sha256);
            return ExitCode.Ok;
        }).WithExamples("weft module push square.wasm", "weft module push build/out.wasm --name square");
    }

    private static Command List() =>
        new Command("list", "List modules, oldest first.").Does(static async (flags, api, stop) =>
    {
        var modules = (await api.GetAsync("modules", WireJson.Default.ModuleList, stop)).Modules;
        if (flags.WantsJson()) JsonOutput.Print(modules, WireJson.Default.ModuleInfo);
        else Print(modules);
        return ExitCode.Ok;
    }).WithExamples("weft module list");

    private static Command Delete()
    {
        var hash = new Argument<string>("sha256") { Description = "The module's hash, or a unique prefix of it" };
        return new Command("delete", "Delete a module that no stored task or queue uses.") { hash }.Does(
            async (flags, api, stop) =>
        {
            var typed = flags.GetRequiredValue(hash);
            var module = (await ModuleFile.FindAsync(typed, api, stop))?.ToString() ?? typed;
            await api.DeleteAsync($"modules/{Uri.EscapeDataString(module)}", stop);
            if (!flags.WantsJson()) Console.Out.WriteLine($"{module} is deleted.");
            return ExitCode.Ok;
        }).WithExamples("weft module delete 93a44bbb");
    }

    private static void Print(IReadOnlyList<ModuleInfo> modules)
    {
        var table = new TextTable("SHA256", "KIND", "BYTES", "IN-USE", "CREATED", "RUNS", "NAME");
        foreach (var module in modules)
        {
            table.Add(module.Sha256, module.Kind, module.Size, module.InUse ? "yes" : "no",
                IsoTime.Of(module.CreatedAt), string.Join(',', module.Verdicts ?? []), module.Name);
        }

        table.Print("modules");
    }
}
