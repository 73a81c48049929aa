namespace Weft.Client;

/// <summary>
/// Where to write a file that a task produced. The path comes from an untrusted program and must stay below a local
/// folder.
/// </summary>
internal static class OutputPlace
{
    private const int PathCharsMax = 255;

    /// <summary>Creates the folders that lead to a file, none of which may be a link.</summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">The path leads out of the folder, or a folder can't be created.</exception>
    public static string Make(string folder, string path)
    {
        var names = path.Split('/');
        if (path.Length > PathCharsMax || !Array.TrueForAll(names, IsName))
        {
            throw new IOException($"The task named an output with an invalid path: {Shown(path)}.");
        }

        Directory.CreateDirectory(folder);
        var place = folder;
        foreach (var name in names[..^1])
        {
            place = Path.Combine(place, name);
            if (new DirectoryInfo(place).LinkTarget is not null)
            {
                throw new IOException($"{place} is a link: outputs are not written through links.");
            }

            Directory.CreateDirectory(place);
        }

        place = Path.Combine(place, names[^1]);
        return Directory.Exists(place) && new DirectoryInfo(place).LinkTarget is null
            ? throw new IOException($"{place} is a folder, which an output can't replace.")
            : place;
    }

    // Names that are valid on every system and don't lead elsewhere on any.
    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && !name.Any(static letter => char.IsControl(letter) || letter is '\\' or ':');

    private static string Shown(string path) =>
        string.Concat(path.Take(PathCharsMax).Select(static letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
