using System.Text.RegularExpressions;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>What <c>weft new</c> writes, built and run by the very lines of its README.</summary>
[Collection("Python")]
public sealed partial class StarterKitTests(Chromium chromium) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("python")]
    [InlineData("c")]
    [InlineData("js")]
    public async Task EachLineOfAKitsReadme_Works_AndATabGivesTheRightAnswers(string language)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "Content Security Policy";
        Assert.Equal(0, (await Command.RunAsync(WeftBinary.Describe(_folder.FullName, "new", language, "kit"),
            Eventually.Max)).ExitCode);
        await profile.StartWorkerAsync(cores: 1);

        var readme = await File.ReadAllTextAsync(PathOf("README.md"), TestContext.Current.CancellationToken);
        foreach (var line in Lines().Matches(readme).Select(static line => line.Groups[1].Value))
        {
            var start = Command.Describe("bash", PathOf(""), ["-c", line]);
            start.Environment["PATH"] = $"{Path.GetDirectoryName(WeftBinary.Path)}:{start.Environment["PATH"]}";
            start.Environment["WEFT_URL"] = coordinator.Address.ToString();
            start.Environment["XDG_STATE_HOME"] = _folder.FullName;
            var done = await Command.RunAsync(start, TimeSpan.FromMinutes(3));
            Assert.True(done.ExitCode == 0, $"{line}\n{done}");
        }

        Assert.Equal(Enumerable.Range(1, 1_000).Select(static n => $"{n * n}"),
            await File.ReadAllLinesAsync(PathOf("results.ndjson"), TestContext.Current.CancellationToken));
        profile.AssertQuiet();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, "kit", name);

    [GeneratedRegex("^ {4}(.+)$", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
