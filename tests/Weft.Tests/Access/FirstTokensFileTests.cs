using System.Runtime.Versioning;
using Weft.Serve;

namespace Weft.Tests.Access;

/// <summary>The file of the first tokens, in a folder in which something of its name is there already.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FirstTokensFileTests : IDisposable
{
    private const string Tokens = "Admin weft_new\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-tokens-");

    private string File => Path.Combine(_folder.FullName, "first-tokens.txt");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AnEarlierFile_IsKept_ButNotReadByWhoHasItOpen()
    {
        System.IO.File.WriteAllText(File, "Admin weft_old\n");
        using var open =
            new StreamReader(new FileStream(File, FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete));
        Assert.True(FirstTokensFile.TryWrite(File, Tokens));
        Assert.Equal("Admin weft_old\n", open.ReadToEnd());
        AssertHolds("Admin weft_old\n" + Tokens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALink_IsNotFollowed(bool leadsToAFile)
    {
        var target = Path.Combine(_folder.FullName, "target");
        if (leadsToAFile) System.IO.File.WriteAllText(target, "theirs");
        System.IO.File.CreateSymbolicLink(File, target);
        Assert.True(FirstTokensFile.TryWrite(File, Tokens));
        AssertHolds(Tokens);
        Assert.Equal(leadsToAFile ? "theirs" : null, Path.Exists(target) ? System.IO.File.ReadAllText(target) : null);
    }

    [Fact]
    public void WhereTheFileCannotBeReplaced_NothingIsLeft()
    {
        Directory.CreateDirectory(File);
        Assert.False(FirstTokensFile.TryWrite(File, Tokens));
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder.FullName));
    }

    private void AssertHolds(string text)
    {
        Assert.Null(new FileInfo(File).LinkTarget);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.DoesNotContain(Directory.GetFiles(_folder.FullName),
            static name => Path.GetFileName(name) is not ("first-tokens.txt" or "target"));
    }
}
