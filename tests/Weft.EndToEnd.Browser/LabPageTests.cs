using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The teacher's page: a function, its inputs, and the browsers of those who join.</summary>
[Collection("Python")]
public sealed class LabPageTests(Chromium chromium)
{
    private const int RunMilliseconds = 180_000;

    private const string Slow = """
        export default async function (n) {
          for (const end = Date.now() + 20; Date.now() < end;);
          if (n % 100 === 0) throw new Error('divisible by a hundred');
          return n;
        }
        """;

    [Fact]
    public async Task AClass_ComputesAFunction_AlsoWhenOneLeaves()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--allow-javascript-modules");
        await using var teacher = await Profile.OpenAsync(chromium, coordinator);
        var lab = await teacher.OpenTabAsync("/lab/");
        await lab.SelectOptionAsync("#language", "javascript");
        await lab.FillAsync("#code", Slow);
        var link = await LinkOfAsync(lab);
        Assert.Equal("/worker/", link.AbsolutePath);

        await using var ada = await Profile.OpenAsync(chromium, coordinator);
        await using var ben = await Profile.OpenAsync(chromium, coordinator);
        await using var cleo = await Profile.OpenAsync(chromium, coordinator, width: 390, height: 844);
        foreach (var pupil in (Profile[])[ada, ben, cleo]) await pupil.StartWorkerAsync(link.Query, cores: 1);
        await Assertions.Expect(lab.Locator("#joined")).ToHaveTextAsync("3 browsers compute.");
        await lab.ClickAsync("#run");
        await Assertions.Expect(lab.Locator("#done")).ToHaveTextAsync(
            new Regex("^[1-9][0-9] of 300 inputs"), new() { Timeout = RunMilliseconds });
        await ben.Context.Pages[0].CloseAsync();

        await Assertions.Expect(lab.Locator("#state")).ToHaveTextAsync("Done.", new() { Timeout = RunMilliseconds });
        await Assertions.Expect(lab.Locator("#done")).ToContainTextAsync("300 of 300 inputs");
        // Of 1 to 300 without 100, 200 and 300.
        await Assertions.Expect(lab.Locator("#mean")).ToContainTextAsync("Mean 150.0000 ± 5.0, of 297 results");
        await Assertions.Expect(lab.Locator("#errors li")).ToHaveTextAsync(
            new Regex("^3 × .*divisible by a hundred"));
        teacher.AssertQuiet();
        cleo.AssertQuiet();
    }

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
        await Assertions.Expect(lab.Locator("#trouble")).ToContainTextAsync("Whoever started Weft has one");
        await lab.FillAsync("#link", Tokens.Worker(coordinator));
        await lab.ClickAsync("#access button");
        await Assertions.Expect(lab.Locator("#trouble")).ToContainTextAsync("Your link is for computing only.");
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
