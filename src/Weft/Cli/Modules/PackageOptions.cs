using System.CommandLine;
using Weft.Cli.Remote;
using Weft.CommandLine;

namespace Weft.Cli.Modules;

/// <summary>The option for the packages that a Python script imports, for commands that submit.</summary>
internal static class PackageOptions
{
    private static readonly Option<string[]> Package = new("--package")
    {
        Description = "Package that the Python script imports: a wheel, pushed if needed, or the name of one that " +
            "the coordinator has ('weft python list'), such as idna or idna==3.4; may be repeated",
        HelpName = "file|name",
    };

    public static void AddTo(Command command) => command.Options.Add(Package);

    /// <summary>The chosen packages. Nothing is pushed yet.</summary>
    /// <param name="hasScript">Whether there is a script to import them.</param>
    /// <exception cref="CommandFailure">A file doesn't exist, or is not a wheel that workers accept.</exception>
    /// <exception cref="UsageFailure">There is no script.</exception>
    public static async Task<PackageChoice> ReadAsync(ParseResult flags, bool hasScript, CancellationToken stop)
    {
        var packages = new List<(string Name, ModuleFile? File)>();
        if (!hasScript && flags.GetValue(Package) is { Length: > 0 })
        {
            throw new UsageFailure("--package needs a script: name it with --python.");
        }
        foreach (var typed in flags.GetValue(Package) ?? [])
        {
            packages.Add((typed, IsFile(typed) ? await WheelFiles.OpenAsync(typed, stop) : null));
        }
        return new(packages);
    }

    // A package's name contains neither.
    private static bool IsFile(string typed) =>
        typed.EndsWith(WheelFiles.Extension, StringComparison.OrdinalIgnoreCase) || typed.Contains('/')
        || File.Exists(typed);
}

/// <summary>Package names, and local wheels.</summary>
internal sealed class PackageChoice(IReadOnlyList<(string Name, ModuleFile? File)> packages)
{
    /// <summary>Pushes the wheels that the coordinator doesn't have.</summary>
    /// <returns>The packages for a task's <c>run</c>; null for none.</returns>
    public async Task<IReadOnlyList<string>?> EnsureAsync(RemoteApi api, CancellationToken stop)
    {
        foreach (var (_, file) in packages)
        {
            if (file is not null) await file.EnsureAsync(api, stop);
        }
        return packages.Count == 0
            ? null
            : [.. packages.Select(static each => each.File?.Hash.ToString() ?? each.Name)];
    }
}
