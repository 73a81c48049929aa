namespace Weft.Bench.Servers;

/// <summary>What is installed on this machine.</summary>
internal static class Programs
{
    /// <returns>The full path; null when it isn't on the PATH.</returns>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
