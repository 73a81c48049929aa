using System.CommandLine;
using Weft.Cli.Remote;
using Weft.Contracts;

namespace Weft.Cli.Modules;

/// <summary><c>weft module</c>: pushes modules, lists and deletes them.</summary>
internal static class ModuleCommand
{
    public static Command Create() => new Command("module", "Modules: programs that workers run on the payloads.") { Push(), List(), Delete() }.RemoteOptions();

    private static Command Push()
    {
        var file = new Argument<string>("file") { Description = "A WebAssembly module, or JavaScript (.js, .mjs) where the coordinator allows it" };
        var label = new Option<string?>("--name") { Description = "For people [default: the file's name]", HelpName = "label" };
        return new Command("push", "Push a module, and print its hash.") { file, label }.Does(async (flags, api, stop) =>
        {
            var module = await ModuleFile.OpenAsync(flags.GetRequiredValue(file), stop);
            var info = await module.PushAsync(api, flags.GetValue(label), stop);
            if (flags.WantsJson()) JsonOutput.Print(info, WireJson.Default.ModuleInfo);
            else Console.Out.WriteLine(info.Sha256);
            return ExitCode.Ok;
        });
    }

    private static Command List() => new Command("list", "List the modules, the oldest first.").Does(static async (flags, api, stop) =>
    {
        var modules = (await api.GetAsync("modules", WireJson.Default.ModuleList, stop)).Modules;
        if (flags.WantsJson()) JsonOutput.Print(modules, WireJson.Default.ModuleInfo);
        else Print(modules);
        return ExitCode.Ok;
    });

    private static Command Delete()
    {
        var hash = new Argument<string>("sha256") { Description = "The module's hash" };
        return new Command("delete", "Delete a module that no stored task and no queue names.") { hash }.Does(async (flags, api, stop) =>
        {
            var module = flags.GetRequiredValue(hash);
            await api.DeleteAsync($"modules/{Uri.EscapeDataString(module)}", stop);
            if (!flags.WantsJson()) Console.Out.WriteLine($"{module} is deleted.");
            return ExitCode.Ok;
        });
    }

    private static void Print(IReadOnlyList<ModuleInfo> modules)
    {
        var table = new TextTable("SHA256", "KIND", "BYTES", "IN-USE", "CREATED", "NAME");
        foreach (var module in modules)
        {
            table.Add(module.Sha256, module.Kind, module.Size, module.InUse ? "yes" : "no", IsoTime.Of(module.CreatedAt), module.Name);
        }

        table.Print(Console.Out);
    }
}
