using Weft.CommandLine;

namespace Weft.Cli.New;

/// <summary>
/// An example task in a language, from the files of <c>src/Weft/kits/</c>: the task itself, its build script, and a
/// README with the commands.
/// </summary>
internal static class StarterKit
{
    private const string Prefix = "kits/";

    /// <summary>The languages, as typed on the command line.</summary>
    public static string[] Languages { get; } = ["python", "c", "rust", "go", "as", "js"];

    /// <summary>Writes a kit into a folder, which is created if it doesn't exist.</summary>
    /// <returns>The paths of its files.</returns>
    /// <exception cref="CommandFailure"> A file already exists, in which case none is written, or can't be written.
    /// </exception>
    public static IReadOnlyList<string> Write(string language, string folder)
    {
        var assembly = typeof(StarterKit).Assembly;
        var start = $"{Prefix}{language}/";
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(start, StringComparison.Ordinal))
            .Select(name => (Resource: name, Path: Path.Combine(folder, name[start.Length..])))
            .OrderBy(static file => file.Path, StringComparer.Ordinal).ToArray();
        try
        {
            if (files.FirstOrDefault(static file => Path.Exists(file.Path)) is { Path: { } taken }) throw Taken(taken);
            foreach (var (resource, path) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                using var content = assembly.GetManifestResourceStream(resource)!;
                using var file = new FileStream(path, FileMode.CreateNew);
                content.CopyTo(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The kit can't be written: {exception.Message}");
        }
        return [.. files.Select(static file => file.Path)];
    }

    private static CommandFailure Taken(string path) =>
        new($"{path} exists, and nothing is overwritten: give another folder.");
}
