using System.Globalization;
using ReadmeExample;

namespace Weft.Client.Tests.Readme;

public sealed class ReadmeTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    [Fact]
    public async Task TheExamples_DoWhatTheySay()
    {
        using var drain = new CancellationTokenSource();
        var working = ReadmeExamples.WorkAsync(coordinator.Client, drain.Token);
        Assert.Equal(144, await ReadmeExamples.SubmitAndWaitAsync(coordinator.Url));

        var written = new StringWriter(CultureInfo.InvariantCulture);
        await ReadmeExamples.MapAsync(coordinator.Client, written);
        var expected = Enumerable.Range(1, 1_000)
            .Select(static number => string.Create(CultureInfo.InvariantCulture, $"{number}² = {number * number}"));
        Assert.Equal(expected, written.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));

        await drain.CancelAsync();
        await working;
    }

    [Fact]
    public void TheReadme_ShowsTheExamplesThatAreTested()
    {
        var tested = Lines(File.ReadAllText(InOutput("ReadmeExamples.cs")));
        var shown = File.ReadAllText(InOutput("README.md")).Split("```csharp\n")[1..]
            .Select(static block => block.Split("```")[0]).ToList();
        Assert.Equal(5, shown.Count);
        Assert.All(shown, block => Assert.Contains(Lines(block), tested, StringComparison.Ordinal));
    }

    private static string InOutput(string name) => Path.Combine(AppContext.BaseDirectory, "Readme", name);

    // Without the indentation, which the README doesn't need.
    private static string Lines(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
