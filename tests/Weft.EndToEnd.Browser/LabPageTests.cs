using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The teacher's page: a function, its inputs, and the browsers of those who join.</summary>
public sealed class LabPageTests(Chromium chromium)
{
    private const int RunMilliseconds = 60_000;

    [Fact]
    public async Task APythonFunction_HasItsExamplesAnswer_AsCsvToo()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        var lab = await profile.OpenTabAsync("/lab/");
        await profile.StartWorkerAsync((await LinkOfAsync(lab)).Query, cores: 1);
        await lab.FillAsync("#code", "def task(row):\n    return '=' + row['name'] if row['n'] else 1 / row['n']\n");
        await lab.SelectOptionAsync("#kind", "csv");
        await lab.FillAsync("#lines", "name,n\n\"Lovelace, Ada\",1\nBen,0\n");
        await lab.ClickAsync("#run");

        await Assertions.Expect(lab.Locator("#state")).ToHaveTextAsync("Done.", new() { Timeout = RunMilliseconds });
        await Assertions.Expect(lab.Locator("#found li")).ToContainTextAsync("\"=Lovelace, Ada\"");
        await Assertions.Expect(lab.Locator("#errors li")).ToHaveTextAsync("1 × ZeroDivisionError: division by zero");
        var download = await lab.RunAndWaitForDownloadAsync(() => lab.ClickAsync("#csv"));
        var csv = await File.ReadAllTextAsync(
            await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.StartsWith("input,result,error\r\n", csv, StringComparison.Ordinal);
        // Not as a formula.
        Assert.Contains("\"'=Lovelace, Ada\"", csv, StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhereTokensAreRequired_TheLinkComputesAndDoesNothingElse()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";
        var lab = await profile.OpenTabAsync("/lab/");
        await Assertions.Expect(lab.Locator("#access")).ToBeVisibleAsync();
        await lab.FillAsync("#link", Tokens.Admin(coordinator));
        await lab.ClickAsync("#access button");

        await Assertions.Expect(lab.Locator("#join")).ToHaveAttributeAsync("href", new Regex("#token=weft_"));
        var link = await LinkOfAsync(lab);
        using var pupil = new Wire(coordinator.Address, link.Fragment["#token=".Length..]);
        var access = (await pupil.GetAsync("/api/v1/access")).Json;
        Assert.Equal("work", Assert.Single(access.GetProperty("scopes").EnumerateArray()).GetString());
        Assert.StartsWith(
            "lab-", Assert.Single(access.GetProperty("queues").EnumerateArray()).GetString(), StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task ThePage_IsAccessible(ColorScheme colours)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator, width: 390, height: 844);
        var lab = await profile.OpenTabAsync("/lab/");
        await lab.EmulateMediaAsync(new() { ColorScheme = colours });
        await lab.EvaluateAsync("document.getElementById('results').hidden = false");
        await Assertions.Expect(lab.Locator("#join")).ToContainTextAsync("/worker/");

        var faults = (await lab.RunAxe()).Violations.Select(static fault =>
            $"{fault.Id}: {string.Join(" ", fault.Nodes.Select(static node => node.Html))}");

        Assert.Empty(faults);
        profile.AssertQuiet();
    }

    private static async Task<Uri> LinkOfAsync(IPage lab)
    {
        await Assertions.Expect(lab.Locator("#join")).ToContainTextAsync("/worker/?queue=lab-");
        return new((await lab.Locator("#join").GetAttributeAsync("href"))!);
    }
}
