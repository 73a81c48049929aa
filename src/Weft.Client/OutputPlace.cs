namespace Weft.Client;

/// <summary>
/// Where a file that a task has written goes: a path that came from a stranger's program, below a folder of this
/// machine.
/// </summary>
internal static class OutputPlace
{
    private const int PathCharsMax = 255;

    /// <summary>Makes the folders that lead to a file, none of which is a link.</summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">The path leads elsewhere, or can't be made.</exception>
    public static string Make(string folder, string path)
    {
        var names = path.Split('/');
        if (path.Length > PathCharsMax || !Array.TrueForAll(names, IsName))
        {
            throw new IOException($"The task named an output by a path that can't be: {Shown(path)}.");
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
            ? throw new IOException($"{place} is a folder: it is not replaced by an output.")
            : place;
    }

    // What every system can make, and none takes for another place.
    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && !name.Any(static letter => char.IsControl(letter) || letter is '\\' or ':');

    private static string Shown(string path) =>
        string.Concat(path.Take(PathCharsMax).Select(static letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
