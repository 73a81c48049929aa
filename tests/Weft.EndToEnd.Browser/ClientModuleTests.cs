using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The JavaScript client in a page: the same behaviours that Node's tests run.</summary>
public sealed class ClientModuleTests(Chromium chromium)
{
    private const string Run = """
        async () => {
          const client = await import('/client/weft.js');
          const withFiles = await import('/client/weft-files.js');
          const { behaviours } = await import('/client/tests/behaviours.js');
          const { fileBehaviours } = await import('/client/tests/file-behaviours.js');
          const failures = [];
          let count = 0;
          for (const [module, all] of [[client, behaviours], [withFiles, fileBehaviours]]) {
            for (const [name, behaviour] of Object.entries(all)) {
              await behaviour(module, '').catch(error => failures.push(`${name}: ${error.stack}`));
              count++;
            }
          }
          return [String(count), ...failures];
        }
        """;

    [Fact]
    public async Task TheServedModule_BehavesInABrowser_AsInNode()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--public-name",
            Chromium.PlainHttpHost, "--open");
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/client/tests/*.js", static route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Path = Repository.PathOf($"clients/js/tests/{Path.GetFileName(new Uri(route.Request.Url).AbsolutePath)}"),
        }));
        // Neither localhost nor https: what only secure contexts have is missing.
        await page.GotoAsync($"http://{Chromium.PlainHttpHost}:{coordinator.Port}/docs/");

        var outcome = await page.EvaluateAsync<string[]>(Run);

        Assert.Empty(outcome.Skip(1));
        Assert.True(int.Parse(outcome[0], System.Globalization.CultureInfo.InvariantCulture) >= 18);
    }
}
