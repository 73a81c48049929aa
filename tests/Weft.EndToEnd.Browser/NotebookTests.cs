using System.Text.Json;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The sample notebook, run by Jupyter: its function is computed by the tabs of two browsers.</summary>
[Collection("Python")]
public sealed class NotebookTests(Chromium chromium) : IDisposable
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-e2e-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ACellThatMapsAFunction_IsComputedByTwoTabs_AndItsPlotIsInTheOutput()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var first = await Profile.OpenAsync(chromium, coordinator);
        await using var second = await Profile.OpenAsync(chromium, coordinator);
        first.ExpectedError = second.ExpectedError = "Content Security Policy";
        await first.StartWorkerAsync(cores: 1);
        await second.StartWorkerAsync(cores: 1);

        var start = Command.Describe("jupyter", _folder.FullName,
            ["nbconvert", "--to", "notebook", "--execute", "--output-dir", _folder.FullName,
            Repository.PathOf("samples/Clients/pi.ipynb")]);
        start.Environment["PYTHONPATH"] = Repository.PathOf("clients/python");
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["WEFT_URL"] = coordinator.Address.ToString();
        // Whoever runs the tests may have no home.
        foreach (var name in (string[])["HOME", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"])
        {
            start.Environment[name] = _folder.FullName;
        }
        var run = await Command.RunAsync(start, Max);

        Assert.True(run.ExitCode == 0, run.ToString());
        await using var file = File.OpenRead(Path.Combine(_folder.FullName, "pi.ipynb"));
        using var notebook = await JsonDocument.ParseAsync(file,
            cancellationToken: TestContext.Current.CancellationToken);
        var outputs = notebook.RootElement.GetProperty("cells").EnumerateArray()
            .Where(static cell => cell.TryGetProperty("outputs", out _))
            .SelectMany(static cell => cell.GetProperty("outputs").EnumerateArray())
            .Select(static each => each.GetRawText());
        var shown = string.Concat(outputs);
        Assert.Contains("map: 40 of 40 tasks finished", shown, StringComparison.Ordinal);
        Assert.Contains("\"3.14", shown, StringComparison.Ordinal);
        Assert.Equal(40, shown.Split("<circle ").Length - 1);
        Assert.Contains("\"image/svg+xml\"", shown, StringComparison.Ordinal);
        var workers = (await coordinator.Wire.GetAsync("/api/v1/workers")).Json.GetProperty("workers");
        Assert.Equal(2, workers.EnumerateArray().Count(static worker =>
            worker.GetProperty("completed").GetInt32() > 0));
        first.AssertQuiet();
        second.AssertQuiet();
    }
}
