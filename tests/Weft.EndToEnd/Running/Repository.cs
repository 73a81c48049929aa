namespace Weft.EndToEnd.Running;

/// <summary>Where the checkout that these tests were built from lies.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Weft.slnx"))) folder = folder.Parent;
        return folder?.FullName
            ?? throw new DirectoryNotFoundException("No Weft.slnx above " + AppContext.BaseDirectory);
    }
}
