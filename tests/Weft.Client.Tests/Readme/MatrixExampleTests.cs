using System.Globalization;
using System.Runtime.CompilerServices;
using ReadmeExample;

namespace Weft.Client.Tests.Readme;

/// <summary>docs/clients.md: its C# lines. Those in Python and JavaScript are tested in clients/python/tests.</summary>
public sealed class MatrixExampleTests(TestCoordinator coordinator) : IClassFixture<TestCoordinator>
{
    [Fact]
    public async Task TheLines_PrintTheProduct()
    {
        var written = new StringWriter(CultureInfo.InvariantCulture);
        await MatrixExample.RunAsync(coordinator.Url, written);
        Assert.Equal(["19 22", "43 50"], written.ToString().Split(Environment.NewLine,
            StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void TheDocument_ShowsTheLinesThatAreTested()
    {
        var folder = Path.GetDirectoryName(ThisFile())!;
        var tested = Lines(File.ReadAllText(Path.Combine(folder, "MatrixExample.cs")));
        var shown = File.ReadAllText(Path.Combine(folder, "../../../docs/clients.md")).Split("```csharp\n")[1..]
            .Select(static block => block.Split("```")[0]).ToList();
        Assert.Equal(2, shown.Count);
        Assert.All(shown, block => Assert.Contains(Lines(block), tested, StringComparison.Ordinal));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string Lines(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
