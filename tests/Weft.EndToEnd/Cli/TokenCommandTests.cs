using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed partial class TokenCommandTests : IAsyncLifetime
{
    private CoordinatorProcess coordinator = null!;
    private string admin = "";

    public async ValueTask InitializeAsync()
    {
        coordinator = await CoordinatorProcess.StartNewAsync("--access", "tokens");
        var output = await Eventually.SeeAsync("the banner's end", () => Task.FromResult(coordinator.Output),
            static output => output.Contains("Ctrl+C", StringComparison.Ordinal));
        admin = AdminToken().Match(output).Groups[1].Value;
    }

    public ValueTask DisposeAsync() => coordinator.DisposeAsync();

    [Fact]
    public async Task TheFirstStart_ShowsAnAdminsTokenWithLinks_AndTheNextDoesNot()
    {
        Assert.Contains($"Console   {coordinator.Address}#token={admin}", coordinator.Output, StringComparison.Ordinal);
        Assert.Matches(
            $"Worker    {Regex.Escape(coordinator.Address.ToString())}worker/#token=weft_[A-Za-z0-9_-]{{43}}\n",
            coordinator.Output);
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        await coordinator.StartAsync();
        Assert.Single(AdminToken().Matches(coordinator.Output));
        Assert.Equal("weft: No queues.\n", (await WeftAsync(admin, "queues")).Error);
    }

    [Fact]
    public async Task WithoutAToken_TheCommandSaysWhereOneGoes()
    {
        var result = await coordinator.WeftAsync("queues");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("WEFT_TOKEN", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
        var wrong = await WeftAsync($"weft_{new string('A', 43)}", "queues");
        Assert.Equal(1, wrong.ExitCode);
        Assert.DoesNotContain("AAAA", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AToken_IsMadeUsedListedAndRevoked()
    {
        var created = await WeftAsync(admin, "token", "create", "--scope", "work", "--scope", "submit", "--queue", "q",
            "--expires", "7d", "--name", "lab");
        Assert.Equal(0, created.ExitCode);
        var token = created.Output.TrimEnd();
        Assert.Matches("^weft_[A-Za-z0-9_-]{43}$", token);
        Assert.DoesNotContain(token, created.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await WeftAsync(token, "submit", "1", "--queue", "q")).ExitCode);
        Assert.Contains("not valid for this queue", (await WeftAsync(token, "submit", "1")).Error,
            StringComparison.Ordinal);
        Assert.Contains("scope", (await WeftAsync(token, "queues")).Error, StringComparison.Ordinal);

        var line = (await WeftAsync(admin, "token", "list")).Output.Split('\n')
            .Single(static line => line.Contains("lab", StringComparison.Ordinal)).Cells();
        Assert.Equal(["submit,work", "q", "lab"], line[1..4]);
        Assert.Equal(0, (await WeftAsync(admin, "token", "revoke", line[0])).ExitCode);
        Assert.Equal(1, (await WeftAsync(token, "submit", "1", "--queue", "q")).ExitCode);
        Assert.Equal(1, (await WeftAsync(admin, "token", "revoke", line[0])).ExitCode);
    }

    [Theory]
    [InlineData("worker/", "--scope", "work")]
    [InlineData("worker/?queue=squares", "--scope", "work", "--queue", "squares")]
    [InlineData("worker/?queue=a.b&queue=c", "--scope", "work", "--queue", "a.b", "--queue", "c")]
    [InlineData("", "--scope", "read")]
    public async Task ALink_OpensThePageThatTheTokenIsFor_WithItsQueues(string page, params string[] options)
    {
        var created = await WeftAsync(admin, ["token", "create", .. options, "--link"]);
        var link = created.Output.TrimEnd();
        Assert.Matches($"^{Regex.Escape($"{coordinator.Address}{page}#token=")}weft_[A-Za-z0-9_-]{{43}}$", link);
        var token = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];
        Assert.DoesNotContain(token, created.Error, StringComparison.Ordinal);
        Assert.Contains("The link works only on this machine.", created.Error, StringComparison.Ordinal);
        // The coordinator knows it: what it has no scope for is refused in other words than what it doesn't know.
        Assert.DoesNotContain("takes no token", (await WeftAsync(token, "queues")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWorker_WorksWithAToken_ThatItsProgramDoesNotSee()
    {
        var work = (await WeftAsync(admin, "token", "create", "--scope", "work", "--queue", "q")).Output.TrimEnd();
        var id = (await WeftAsync(admin, "submit", "12", "--queue", "q")).Output.TrimEnd();
        var worker = WeftBinary.Describe(Path.GetTempPath(), "worker", "--queue", "q", "--exec",
            "cat; echo \"${WEFT_TOKEN-none}\"", "--text", "--url", coordinator.Address.ToString());
        worker.Environment["WEFT_TOKEN"] = work;
        using var process = System.Diagnostics.Process.Start(worker)!;
        try
        {
            Assert.Equal("\"12\\nnone\"\n", (await WeftAsync(admin, "wait", id)).Output);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task ATokenFile_HoldsTheToken()
    {
        var file = Path.Combine(coordinator.Folder, "token");
        await File.WriteAllTextAsync(file, admin + "\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await coordinator.WeftAsync("queues", "--token-file", file)).ExitCode);
        await File.WriteAllTextAsync(file, "no token", TestContext.Current.CancellationToken);
        Assert.Contains("does not hold a token", (await coordinator.WeftAsync("queues", "--token-file", file)).Error,
            StringComparison.Ordinal);
        Assert.Contains("can't be read", (await coordinator.WeftAsync("queues", "--token-file", file + "x")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task OnAFolder_ALostAdminsTokenIsReplaced_OnceTheCoordinatorIsStopped()
    {
        var refused = await WeftBinary.RunAsync("token", "create", "--scope", "admin", "--data",
            coordinator.DataFolder);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("in use", refused.Error, StringComparison.Ordinal);

        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        var made = await WeftBinary.RunAsync("token", "create", "--scope", "admin", "--data",
            coordinator.DataFolder, "--json");
        var token = JsonElement.Parse(made.Output);
        Assert.Contains("first admin",
            (await WeftBinary.RunAsync("token", "list", "--data", coordinator.DataFolder)).Output,
            StringComparison.Ordinal);
        await coordinator.StartAsync();
        Assert.Equal(0, (await WeftAsync(token.GetProperty("token").GetString()!, "token", "list")).ExitCode);
    }

    [Fact]
    public async Task NoToken_EndsUpInWhatTheCoordinatorPrints_ButTheFirst()
    {
        var token = (await WeftAsync(admin, "token", "create", "--scope", "read")).Output.TrimEnd();
        await WeftAsync(token, "queues");
        await WeftAsync(token, "token", "list");
        await coordinator.Wire.GetAsync($"/api/v1/queues?token={token}");
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        Assert.DoesNotContain(token, coordinator.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Store", "sqlite")]
    public async Task NoToken_EndsUpInTheFolder()
    {
        var token = (await WeftAsync(admin, "token", "create", "--scope", "read")).Output.TrimEnd();
        await WeftAsync(token, "queues");
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        foreach (var file in Directory.EnumerateFiles(coordinator.DataFolder))
        {
            Assert.DoesNotContain(token,
                await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TheOnlyAdminToken_IsNotRevoked()
    {
        var refused = await WeftAsync(admin, "token", "revoke", "1");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.StartsWith("weft: Token 1 is the only admin token", refused.Error, StringComparison.Ordinal);
        var second = (await WeftAsync(admin, "token", "create", "--scope", "admin")).Output.TrimEnd();
        Assert.Equal(new(0, "Token 1 is revoked.\n", ""), await WeftAsync(admin, "token", "revoke", "1"));
        Assert.Equal(new(1, "", "weft: There is no token 99: it never existed, or has been revoked.\n"),
            await WeftAsync(second, "token", "revoke", "99"));
    }

    [Theory]
    [InlineData("--scope", "root")]
    [InlineData("--scope", "admin", "--queue", "q")]
    [InlineData("--scope", "work", "--queue", "a b")]
    [InlineData("--scope", "submit", "--link")]
    public async Task WhatCannotBe_IsRefusedInOneLine(params string[] options)
    {
        var result = await WeftAsync(admin, ["token", "create", .. options]);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private Task<CommandResult> WeftAsync(string token, params string[] arguments)
    {
        var start = WeftBinary.Describe(Path.GetTempPath(), [.. arguments, "--url", coordinator.Address.ToString()]);
        start.Environment["WEFT_TOKEN"] = token;
        return Command.RunAsync(start, Eventually.Max);
    }

    [GeneratedRegex(@"Admin     (weft_[A-Za-z0-9_-]{43})\r?\n")]
    private static partial Regex AdminToken();
}
