using Weft.EndToEnd.Cli;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Webhooks;

/// <summary>A coordinator tells a real receiver what finishes, and sends nothing where it must not.</summary>
public sealed class WebhookTests
{
    private static readonly string[] Allowed = ["--webhook-http", "--webhook-allow", "127.0.0.1"];

    [Fact]
    public async Task ATaskThatDies_ReachesTheReceiver_Signed_WithNothingThatIsSecret()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync(Allowed);
        using var receiver = new WebhookReceiver();
        receiver.Secret =
            await AddAsync(coordinator, receiver, "--event", "task.dead", "--event", "group.finished", "--queue", "q");
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", receiver.Secret);
        var id = await coordinator.SubmitAsync("q", "\"the payload\"");
        await coordinator.FinishAsync("q", "fail", "\"error\":\"the reason\",\"retry\":false");
        var message = Assert.Single(await receiver.WaitAsync(static all => all.Count > 0));
        Assert.Equal(("task.dead", id, "q"),
            (message.Type, message.Data.GetProperty("id").GetInt64(), message.Data.GetProperty("queue").GetString()));
        Assert.DoesNotContain(".", message.Id, StringComparison.Ordinal);
        Assert.DoesNotContain("the ", message.Body, StringComparison.Ordinal);
        coordinator.Send(UnixSignal.Terminate);
        await coordinator.ExitAsync(Eventually.Max);
        Assert.DoesNotContain(receiver.Secret[6..], coordinator.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheReceiverRefuses_ComesAgain_WithTheSameId_SignedAnew()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync(Allowed);
        // It says when to come again, so that what fails can be looked at meanwhile, however slow the machine is.
        using var receiver = new WebhookReceiver
        {
            StatusOf = static request => request == 1 ? 503 : 200, RetryAfterSeconds = 3_600,
        };
        var old = await AddAsync(coordinator, receiver, "--event", "task.completed");
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", "\"result\":1");
        var failing = await Eventually.SeeAsync("it shows", () => coordinator.LinesAsync("webhook", "list"),
            static lines => lines[^1].Contains("failing", StringComparison.Ordinal));
        Assert.Contains("The receiver answered 503.", failing[^1], StringComparison.Ordinal);
        // The receiver knows the new secret or the old one: what is sent is signed with both.
        var rotated = await coordinator.WeftAsync("webhook", "rotate", "1");
        Assert.Equal((0, "weft: The secret of webhook 1 is shown only this once.\n"),
            (rotated.ExitCode, rotated.Error));
        receiver.Secret = rotated.Output.TrimEnd();
        Assert.NotEqual(old, receiver.Secret);
        Assert.Equal(["Webhook 1 is active."], await coordinator.LinesAsync("webhook", "enable", "1"));
        var message = Assert.Single(await receiver.WaitAsync(static all => all.Count > 0));
        Assert.Equal(2, message.Signature.Split(' ').Length);
        Assert.Equal([message.Id, message.Id], receiver.Ids);
        var well = await Eventually.SeeAsync("it is well", () => coordinator.LinesAsync("webhook", "list"),
            static lines => lines[^1].Contains("active", StringComparison.Ordinal));
        Assert.DoesNotContain("503", well[^1], StringComparison.Ordinal);
        var deliveries = await coordinator.LinesAsync("webhook", "deliveries", "1");
        Assert.Matches($"{message.Id} +task.completed +1 +204 ", deliveries[1]);
        Assert.Matches($"{message.Id} +task.completed +1 +503 .* The receiver answered 503.$", deliveries[2]);
    }

    [Fact]
    public async Task ByDefault_NothingOfThisMachineIsReached_WhateverTheNameMeans()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync("--webhook-http");
        using var receiver = new WebhookReceiver();
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1",
            "169.254.169.254" })
        {
            var address = receiver.Address.Replace("127.0.0.1", host, StringComparison.Ordinal);
            var refused = await coordinator.WeftAsync("webhook", "add", address, "--event", "task.completed");
            Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
            Assert.Contains("not on the public internet", refused.Error, StringComparison.Ordinal);
        }

        // A name is looked up when something is sent: the machine's own leads to an address that isn't public.
        var name = receiver.Address.Replace("127.0.0.1", System.Net.Dns.GetHostName(), StringComparison.Ordinal);
        Assert.Equal(0, (await coordinator.WeftAsync("webhook", "add", name, "--event", "task.completed")).ExitCode);
        var test = await coordinator.WeftAsync("webhook", "test", "1");
        Assert.Equal(1, test.ExitCode);
        Assert.Contains("not on the public internet", test.Error, StringComparison.Ordinal);
        Assert.Equal(0, receiver.Asked);
    }

    [Fact]
    public async Task WithoutTheSettings_PlainHttpIsRefused()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var refused = await coordinator.WeftAsync("webhook", "add", "http://example.org/", "--event", "task.dead");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--webhook-http", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASubmittersWebhook_TellsOfItsTasksAlone_AndIsItsOwn()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync(
            [.. Allowed, "--access", "tokens", "--webhooks-for-submitters"]);
        using var receiver = new WebhookReceiver();
        using var admin = new Wire(coordinator.Address, await coordinator.AdminTokenAsync());
        using var adas = new Wire(coordinator.Address, await TokenAsync(admin));
        using var bens = new Wire(coordinator.Address, await TokenAsync(admin));
        var webhook = await adas.PostAsync("/api/v1/webhooks",
            $$"""{"url":"{{receiver.Address}}","events":["task.cancelled"]}""");
        receiver.Secret = webhook.Json.GetProperty("secret").GetString();
        foreach (var path in new[] { "enable", "test", "rotate" })
        {
            Assert.Equal(404, (await bens.PostAsync($"/api/v1/webhooks/1/{path}", "")).Status);
        }

        Assert.Equal("""{"webhooks":[]}""", (await bens.GetAsync("/api/v1/webhooks")).Text);
        foreach (var wire in new[] { bens, adas })
        {
            var id = (await wire.PostAsync("/api/v1/tasks", """{"payload":1}""")).Json.GetProperty("id");
            Assert.Equal(200, (await wire.PostAsync($"/api/v1/tasks/{id}/cancel", "")).Status);
        }

        var message = Assert.Single(await receiver.WaitAsync(static all => all.Count > 0));
        Assert.Equal(2, message.Data.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task ARedirect_IsNotFollowed()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync(Allowed);
        using var elsewhere = new WebhookReceiver();
        using var receiver = new WebhookReceiver { StatusOf = static _ => 307, Location = elsewhere.Address };
        await AddAsync(coordinator, receiver, "--event", "task.dead");
        var test = await coordinator.WeftAsync("webhook", "test", "1");
        Assert.Equal(1, test.ExitCode);
        Assert.Contains("The receiver answered 307.", test.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0), (receiver.Asked, elsewhere.Asked));
    }

    [Fact]
    public async Task AReceiverThatIsGone_DisablesItsWebhook_UntilItIsEnabled()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync(Allowed);
        using var receiver = new WebhookReceiver { StatusOf = static request => request == 1 ? 410 : 200 };
        receiver.Secret = await AddAsync(coordinator, receiver, "--event", "task.completed");
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", "\"result\":1");
        await Eventually.SeeAsync("it is disabled", () => coordinator.LinesAsync("webhook", "list"),
            static lines => lines[^1].Contains("disabled", StringComparison.Ordinal));
        Assert.Equal(["Webhook 1 is active."], await coordinator.LinesAsync("webhook", "enable", "1"));
        Assert.Single(await receiver.WaitAsync(static all => all.Count > 0));
        Assert.StartsWith("The message arrived: 204 after ",
            Assert.Single(await coordinator.LinesAsync("webhook", "test", "1")), StringComparison.Ordinal);
        Assert.Equal("webhook.test", receiver.Received[^1].Type);
        Assert.Equal(["Webhook 1 is removed."], await coordinator.LinesAsync("webhook", "remove", "1"));
        Assert.Equal("weft: No webhooks.\n", (await coordinator.WeftAsync("webhook", "list")).Error);
    }

    [Fact]
    public async Task WhatIsAcknowledged_ArrivesAtLeastOnce_OverKills_AndNothingElse()
    {
        const int Rounds = 4;
        const int TasksOfRound = 40;
        await using var coordinator = await CoordinatorProcess.StartNewAsync(Allowed);
        // Now and then one is refused, and comes again.
        using var receiver = new WebhookReceiver { StatusOf = static request => request % 40 == 0 ? 500 : 200 };
        receiver.Secret = await AddAsync(coordinator, receiver, "--event", "task.completed", "--event",
            "task.cancelled", "--event", "group.finished");
        var (completed, groups) = (new List<long>(), new List<long>());
        for (var round = 0; round < Rounds; round++)
        {
            groups.Add(await WorkAsync(coordinator, TasksOfRound, completed));
            await coordinator.KillAsync();
            await coordinator.StartAsync();
        }

        await receiver.WaitAsync(all =>
            completed.Except(IdsOf(all, "task.completed")).Concat(groups.Except(IdsOf(all, "group.finished"))).Any()
                == false, TimeSpan.FromSeconds(90));
        var all = receiver.Received;
        Assert.Equal(completed.Order(), IdsOf(all, "task.completed").Distinct().Order());
        Assert.Equal(groups.Order(), IdsOf(all, "group.finished").Distinct().Order());
        // What came twice is known by its id.
        Assert.Equal(completed.Count + groups.Count, all.Select(static message => message.Id).Distinct().Count());
        Assert.Empty(IdsOf(all, "task.cancelled"));
    }

    private static IEnumerable<long> IdsOf(IEnumerable<ReceivedMessage> messages, string type) =>
        messages.Where(message => message.Type == type)
            .Select(static message => message.Data.GetProperty("id").GetInt64());

    /// <summary>Submits tasks of a group and completes them, and is done when the last was acknowledged.</summary>
    private static async Task<long> WorkAsync(CoordinatorProcess coordinator, int count, List<long> completed)
    {
        var group = (await coordinator.Wire.PostAsync("/api/v1/groups", "{}")).Json.GetProperty("id").GetInt64();
        var task = $$"""{"queue":"q","group":{{group}},"payload":1}""";
        await coordinator.Wire.PostAsync("/api/v1/tasks/batch",
            $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat(task, count))}}]}""");
        var claimed =
            (await coordinator.Wire.PostAsync("/api/v1/tasks/claim",
                $$"""{"workerId":"w","queues":["q"],"max":{{count}}}""")).Json.GetProperty("tasks").EnumerateArray()
                .ToArray();
        Assert.Equal(count, claimed.Length);
        foreach (var each in claimed)
        {
            var id = each.GetProperty("id").GetInt64();
            var answer = await coordinator.Wire.PostAsync($"/api/v1/tasks/{id}/complete",
                $$"""{"leaseToken":"{{each.GetProperty("leaseToken").GetString()}}","result":1}""");
            Assert.Equal(200, answer.Status);
            completed.Add(id);
        }

        return group;
    }

    private static async Task<string> AddAsync(CoordinatorProcess coordinator, WebhookReceiver receiver,
        params string[] options)
    {
        var added = await coordinator.WeftAsync(["webhook", "add", receiver.Address, .. options]);
        Assert.Equal((0, "weft: The secret of webhook 1 is shown only this once.\n"), (added.ExitCode, added.Error));
        return added.Output.TrimEnd();
    }

    private static async Task<string> TokenAsync(Wire admin) =>
        (await admin.PostAsync("/api/v1/tokens", """{"scopes":["submit"]}""")).Json.GetProperty("token").GetString()!;
}
