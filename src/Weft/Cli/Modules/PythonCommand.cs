using System.CommandLine;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.Contracts;
using Weft.Core.Modules.Packages;

namespace Weft.Cli.Modules;

/// <summary><c>weft python</c>: adds packages for Python scripts, lists and removes them.</summary>
internal static class PythonCommand
{
    private const string Kind = "wheel";

    public static Command Create() =>
        new Command("python", "Manage packages that Python scripts import.") { Add(), List(), Remove() }
            .RemoteOptions()
            .WithExamples("weft python add idna-3.4-py3-none-any.whl", "weft python list", "weft python remove idna");

    private static Command Add()
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Wheels of pure Python, or built for Pyodide; or archives of wheels (.zip, .tar, .tar.gz)",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Command("add", "Add packages, and print their names.") { files }.Does(async (flags, api, stop) =>
        {
            foreach (var typed in flags.GetRequiredValue(files)) await AddAsync(typed, flags, api, stop);
            return ExitCode.Ok;
        }).WithExamples("weft python add *.whl", "weft python add wheels.zip");
    }

    private static async Task AddAsync(string typed, ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        if (!File.Exists(typed)) throw new CommandFailure($"There is no file {typed}.");
        if (typed.EndsWith(WheelFiles.Extension, StringComparison.OrdinalIgnoreCase))
        {
            await PushAsync(typed, flags, api, stop);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("weft-wheels-").FullName;
        try
        {
            foreach (var wheel in await WheelFiles.UnpackAsync(typed, folder, stop))
            {
                await PushAsync(wheel, flags, api, stop);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PushAsync(string path, ParseResult flags, RemoteApi api, CancellationToken stop)
    {
        var info = await (await WheelFiles.OpenAsync(path, stop)).PushAsync(api, name: null, stop);
        if (flags.WantsJson()) JsonOutput.Print(info, WireJson.Default.ModuleInfo);
        else Console.Out.WriteLine(Describe(info));
    }

    private static Command List() =>
        new Command("list", "List packages, by name.").Does(static async (flags, api, stop) =>
    {
        var wheels = await ReadAsync(api, stop);
        if (flags.WantsJson())
        {
            JsonOutput.Print(wheels, WireJson.Default.ModuleInfo);
            return ExitCode.Ok;
        }

        var table = new TextTable("PACKAGE", "VERSION", "CODE", "BYTES", "IN-USE", "SHA256");
        foreach (var wheel in wheels)
        {
            var name = WheelName.TryParse(wheel.Name, out _);
            table.Add(name?.Package, name?.Version.ToString(), name?.IsPure == false ? "browsers" : "any", wheel.Size,
                wheel.InUse ? "yes" : "no", wheel.Sha256);
        }

        table.Print("packages");
        return ExitCode.Ok;
    }).WithExamples("weft python list");

    private static Command Remove()
    {
        var package = new Argument<string>("package")
        {
            Description = "A package's name, all versions of it; name==version; or a wheel's hash",
        };
        return new Command("remove", "Remove a package that no stored task uses.") { package }.Does(
            async (flags, api, stop) =>
        {
            var typed = flags.GetRequiredValue(package);
            var wheels = (await ReadAsync(api, stop)).Where(wheel => IsMeant(wheel, typed)).ToArray();
            if (wheels.Length == 0) throw new CommandFailure($"There is no package {typed}: see 'weft python list'.");
            foreach (var wheel in wheels)
            {
                await api.DeleteAsync($"modules/{wheel.Sha256}", stop);
                if (!flags.WantsJson()) Console.Out.WriteLine($"{Describe(wheel)} is removed.");
            }
            return ExitCode.Ok;
        }).WithExamples("weft python remove idna", "weft python remove idna==3.4");
    }

    private static bool IsMeant(ModuleInfo wheel, string typed) => wheel.Sha256 == typed
        || (PackageRequirement.TryParse(typed) is { } wanted && WheelName.TryParse(wheel.Name, out _) is { } name
            && name.Package == wanted.Name && wanted.Range.Allows(name.Version));

    private static string Describe(ModuleInfo wheel) =>
        WheelName.TryParse(wheel.Name, out _) is { } name ? $"{name.Package}=={name.Version}" : wheel.Sha256;

    private static async Task<ModuleInfo[]> ReadAsync(RemoteApi api, CancellationToken stop) =>
        [.. (await api.GetAsync("modules", WireJson.Default.ModuleList, stop)).Modules
            .Where(static module => module.Kind == Kind)
            .OrderBy(static module => module.Name, StringComparer.OrdinalIgnoreCase)];
}
