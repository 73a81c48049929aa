using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>A person has an open coordinator on their machine, and visits a page that means ill.</summary>
public sealed class ForeignPageTests(Chromium chromium)
{
    // All that a page can send without being asked back: scripts' simple requests, forms, images, and those with a
    // preflight.
    private const string Attack = """
        async target => {
          const quiet = promise =>
            promise.then(answer => answer.type === 'opaque' ? 'opaque' : answer.status, () => 'blocked');
          const text = (path, method, body) =>
            quiet(fetch(target + path, {method, mode: 'no-cors', headers: {'Content-Type': 'text/plain'}, body}));
          const json = (path, method, body) =>
            quiet(fetch(target + path, {method, headers: {'Content-Type': 'application/json'}, body}));
          const outcomes = [];
          outcomes.push(await text('/api/v1/tokens', 'POST', '{"scopes":["admin"]}'));
          outcomes.push(await text('/api/v1/queues/default/purge', 'POST', ''));
          outcomes.push(await text('/api/v1/tasks', 'POST', '{"payload":"forged"}'));
          outcomes.push(await text('/api/v1/tasks/claim', 'POST', '{"workerId":"thief"}'));
          outcomes.push(await json('/api/v1/tokens', 'POST', '{"scopes":["admin"]}'));
          outcomes.push(await json('/api/v1/tasks', 'GET'));
          outcomes.push(await json('/api/v1/tokens/1', 'DELETE'));
          outcomes.push(await quiet(fetch(target + '/api/v1/tasks')));
          await new Promise(done => {
            const form = document.createElement('form');
            Object.assign(form,
              {method: 'post', enctype: 'text/plain', action: target + '/api/v1/tasks', target: 'sink'});
            const field = document.createElement('input');
            Object.assign(field, {name: '{"payload":"', value: '"}'});
            form.append(field);
            document.body.append(form);
            document.querySelector('iframe').onload = done;
            form.submit();
          });
          await new Promise(done => {
            const image = new Image();
            image.onload = image.onerror = done;
            image.src = target + '/api/v1/tasks';
          });
          return outcomes;
        }
        """;

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("127.0.0.1", Chromium.PlainHttpHost)]
    public async Task APageOfAnotherOrigin_ChangesNothing_AndReadsNothing(string site, string host)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--public-name",
            Chromium.PlainHttpHost, "--open");
        await coordinator.Wire.SubmitAsync("\"mine\"");
        await using var foreign = new ForeignSite();
        var page = await foreign.OpenAsync(chromium, site);

        var outcomes = await page.EvaluateAsync<string[]>($"async target => (await ({Attack})(target)).map(String)",
            $"http://{host}:{coordinator.Port}");

        Assert.All(outcomes, static outcome => Assert.Contains(outcome, (string[])["opaque", "blocked"]));
        Assert.Equal(0, (await coordinator.Wire.GetAsync("/api/v1/tokens")).Json.GetProperty("tokens")
            .GetArrayLength());
        var task = Assert.Single((await coordinator.Wire.GetAsync("/api/v1/tasks")).Json.GetProperty("tasks")
            .EnumerateArray());
        Assert.Equal("ready", task.GetProperty("state").GetString());
        await page.Context.DisposeAsync();
    }

    // The second site is the same but for its port. Neither tells where the link was.
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task ALinkOnAnotherSite_OpensTheWorkerPage_AndDoesNotStartIt(string site)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var foreign = new ForeignSite();
        var page = await foreign.OpenAsync(chromium, site);
        await page.EvaluateAsync(
            "href => document.body.append(Object.assign(document.createElement('a'), { href, rel: 'noreferrer', " +
            "textContent: 'free money' }))",
            $"{coordinator.Address}worker/?start=1&queue=q");

        await page.ClickAsync("a");

        await page.WaitForURLAsync("**/worker/?queue=q");
        await Assertions.Expect(page.Locator("#toggle")).ToBeEnabledAsync();
        Assert.Equal("idle", await page.GetAttributeAsync("main", "data-state"));
        Assert.Equal("q", await page.InputValueAsync("#queues"));
        await page.ClickAsync("#toggle");
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        // An address that is typed starts it.
        await page.GotoAsync($"{coordinator.Address}worker/?start=1");
        await page.WaitForSelectorAsync("main[data-state=waiting]");
        await page.Context.DisposeAsync();
    }

    // Whoever made the link would see what is submitted with its token.
    [Theory]
    [InlineData("", false)]
    [InlineData("lab/", false)]
    [InlineData("lab/", true)]
    public async Task ALinkOnAnotherSite_ChangesTheTokenOfATab_OnlyIfThePersonWantsThat(string path, bool accepts)
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var foreign = new ForeignSite();
        var page = await foreign.OpenAsync(chromium, "localhost");
        var site = page.Url;
        var (own, theirs) = (Tokens.Admin(coordinator), Tokens.Worker(coordinator));
        var asked = new List<string>();
        page.Dialog += async (_, dialog) =>
        {
            asked.Add(dialog.Message);
            if (accepts) await dialog.AcceptAsync();
            else await dialog.DismissAsync();
        };
        await page.GotoAsync($"{coordinator.Address}{path}#token={own}");
        Assert.Equal(own, await KeptAsync(page));
        Assert.Empty(asked);

        await page.GotoAsync(site);
        await page.EvaluateAsync(
            "href => document.body.append(Object.assign(document.createElement('a'), { href, rel: 'noreferrer', " +
            "textContent: 'free money' }))",
            $"{coordinator.Address}{path}#token={theirs}");
        await page.ClickAsync("a");
        await page.WaitForURLAsync($"{coordinator.Address}{path}");
        Assert.Equal(accepts ? theirs : own, await KeptAsync(page));
        Assert.StartsWith("A link on another site has brought you here", Assert.Single(asked),
            StringComparison.Ordinal);
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task TheSixEndpoints_AreForPagesOfAllOrigins()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var foreign = new ForeignSite();
        var page = await foreign.OpenAsync(chromium, "localhost");

        var id = await page.EvaluateAsync<int>(
            "async target => (await (await fetch(target + '/task', {method: 'POST', headers: {'Content-Type': " +
                "'application/json'}, body: '7'})).json()).taskId",
                coordinator.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(1, id);
        Assert.Equal(1, await page.EvaluateAsync<int>("async target => (await (await fetch(target + " +
            "'/stats')).json()).pending", coordinator.Address.GetLeftPart(UriPartial.Authority)));
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task AnOriginThatIsListed_UsesTheApi()
    {
        await using var foreign = new ForeignSite();
        var page = await foreign.OpenAsync(chromium, "localhost");
        var origin = await page.EvaluateAsync<string>("location.origin");
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--cors-origins", origin);

        var status = await page.EvaluateAsync<int>(
            "async target => (await fetch(target + '/api/v1/tasks', {method: 'POST', headers: {'Content-Type': " +
                "'application/json'}, body: '{\"payload\":1}'})).status",
                coordinator.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(201, status);
        await page.Context.DisposeAsync();
    }

    private static Task<string?> KeptAsync(IPage page) =>
        page.EvaluateAsync<string?>("sessionStorage.getItem('weft-console-token')");
}
