using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary><c>weft new</c>. Its kits are built and run by the browser's tests.</summary>
// It knows no store.
[Trait("Store", "sqlite")]
public sealed class NewCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("python", "README.md", "task.py")]
    [InlineData("c", "README.md", "task.c")]
    [InlineData("rust", "Cargo.toml", "README.md", "src/main.rs")]
    [InlineData("go", "README.md", "go.mod", "main.go")]
    [InlineData("as", "README.md", "package.json", "task.ts")]
    [InlineData("js", "README.md", "task.js")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task EachLanguage_HasATask_AndAReadmeWithALineToRun(string language, params string[] files)
    {
        var made = await NewAsync(language, "a/kit");

        Assert.Equal((0, string.Concat(files.Select(static file => $"a/kit/{file}\n"))), (made.ExitCode, made.Output));
        Assert.Matches("""^Next, type:\n    cd a/kit\n    \S[^\n]+\na/kit/README\.md has the rest\.\n$""", made.Error);
        Assert.All(files, file => Assert.True(File.Exists(PathOf($"a/kit/{file}")), file));
        Assert.Contains("\n    seq 1 1000 | weft map --",
            await File.ReadAllTextAsync(PathOf("a/kit/README.md"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        // Sources, which others may read.
        Assert.True(File.GetUnixFileMode(PathOf("a/kit/README.md")).HasFlag(UnixFileMode.GroupRead));
    }

    [Theory]
    [InlineData("task.py")]
    [InlineData("README.md")]
    public async Task NothingIsOverwritten_AndThenNothingIsWritten(string taken)
    {
        Directory.CreateDirectory(PathOf("kit"));
        await File.WriteAllTextAsync(PathOf($"kit/{taken}"), "mine", TestContext.Current.CancellationToken);

        Assert.Equal(new(1, "", $"weft: kit/{taken} exists, and nothing is overwritten: give another folder.\n"),
            await NewAsync("python", "kit"));

        Assert.Equal([PathOf($"kit/{taken}")], Directory.GetFiles(PathOf("kit")));
        Assert.Equal("mine",
            await File.ReadAllTextAsync(PathOf($"kit/{taken}"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AFolderThatIsAFile_AndALanguageThatIsNone_AreOneLine()
    {
        await File.WriteAllTextAsync(PathOf("kit"), "mine", TestContext.Current.CancellationToken);
        var refused = await NewAsync("python", "kit");
        Assert.Equal(1, refused.ExitCode);
        Assert.Matches(@"^weft: The kit can't be written: [^\n]+\n$", refused.Error);

        var unknown = await NewAsync("perl", "other");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Matches(@"^weft: [^\n]*perl[^\n]*python[^\n]*Try 'weft new --help'\.\n$", unknown.Error);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private Task<CommandResult> NewAsync(string language, string folder) =>
        Command.RunAsync(WeftBinary.Describe(_folder.FullName, "new", language, folder), Eventually.Max);
}
