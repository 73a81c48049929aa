using Microsoft.Playwright;
using Weft.EndToEnd.Browser.Chrome;

namespace Weft.EndToEnd.Browser;

/// <summary>The commands of the page at /docs, pasted.</summary>
public sealed class ReferencePageTests(Chromium chromium)
{
    [Fact]
    public async Task TheCommandsForModules_PushFetchAndDeleteOne()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        await File.WriteAllBytesAsync(Path.Combine(coordinator.Folder, "square.wasm"), WasmCommand.Bytes,
            TestContext.Current.CancellationToken);
        var page = await profile.OpenTabAsync("/docs/");

        var pushed = await RunAsync(coordinator, await CommandAsync(page, "pushModule"));

        var hash = System.Text.Json.JsonElement.Parse(pushed.Output).GetProperty("sha256").GetString();
        foreach (var operation in (string[])["getModule", "deleteModule"])
        {
            var command = await CommandAsync(page, operation);
            Assert.Matches("/modules/[0-9a-f]{64}", command);
            await RunAsync(coordinator, System.Text.RegularExpressions.Regex.Replace(command, "[0-9a-f]{64}", hash!) +
                " --fail");
        }
        Assert.DoesNotContain("WEFT_TOKEN", await page.TextContentAsync("#reference"), StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    [Fact]
    public async Task WhereTokensAreRequired_TheCommandsSendOne()
    {
        await using var coordinator = await Tokens.StartAsync();
        await using var profile = await Profile.OpenAsync(chromium, coordinator);
        profile.ExpectedError = "the server responded with a status of 401";
        var page = await profile.OpenTabAsync("/docs/");

        var command = await CommandAsync(page, "submitTask");

        await Assertions.Expect(page.Locator(".about")).ToContainTextAsync("Authorization: Bearer weft_…");
        var submitted = await RunAsync(coordinator, $"WEFT_TOKEN={Tokens.Admin(coordinator)}; {command}");
        Assert.Equal("""{"id":1}""", submitted.Output);
        Assert.DoesNotContain("WEFT_TOKEN", await CommandAsync(page, "oldHealth"), StringComparison.Ordinal);
        profile.AssertQuiet();
    }

    private static async Task<string> CommandAsync(IPage page, string operation)
    {
        await page.WaitForSelectorAsync($"#{operation}");
        return (await page.Locator($"#{operation} pre").First.TextContentAsync())!;
    }

    private static async Task<CommandResult> RunAsync(CoordinatorProcess coordinator, string command)
    {
        var result = await Command.RunAsync(Command.Describe("sh", coordinator.Folder, ["-c", command]),
            Eventually.Max);
        Assert.True(result.ExitCode == 0, $"The command failed: {result}");
        return result;
    }
}
