using System.Net;
using Weft.Core.Access;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;

namespace Weft.Core.Tests.Webhooks;

public sealed class WebhookTests
{
    [Fact]
    public void ASignature_IsThatOfStandardWebhooks()
    {
        // The example of the specification's libraries.
        var secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSecret.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", sentAt, """{"test": 2432232314}"""));
        Assert.Equal("1614265330", WebhookSecret.TimestampOf(sentAt));
        Assert.Equal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", WebhookSecret.Write(secret));
        Assert.Equal(WebhookSecret.Bytes, WebhookSecret.Create().Length);
    }

    [Fact]
    public void ForADay_TheSecretThatWasReplaced_SignsToo()
    {
        var (now, then) = (WebhookSecret.Create(), WebhookSecret.Create());
        var until = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        var webhook = new StoredWebhook(new(1), new("https://example.org/", WebhookEvents.TaskDead, []), now, until)
        {
            Old = (then, until),
        };
        string SignAt(DateTimeOffset time) => WebhookSecret.Sign(webhook, "msg_1", time, "{}");
        var before = until - TimeSpan.FromSeconds(1);
        Assert.Equal(
            $"{WebhookSecret.Sign(now, "msg_1", before, "{}")} {WebhookSecret.Sign(then, "msg_1", before, "{}")}",
            SignAt(before));
        Assert.Equal(WebhookSecret.Sign(now, "msg_1", until, "{}"), SignAt(until));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2a00:1450:4001:831::200e", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void AnAddress_IsAllowed_IfThePublicInternetHasIt(string address, bool isAllowed) =>
        Assert.Equal(isAllowed, new WebhookAddresses([]).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("fd00::7", true)]
    [InlineData("10.2.0.1", false)]
    [InlineData("8.8.8.8", true)]
    public void ANetworkThatIsNamed_IsAllowedToo(string address, bool isAllowed)
    {
        var addresses = new WebhookAddresses([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/64")]);
        Assert.Equal(isAllowed, addresses.Allows(IPAddress.Parse(address)));
    }

    [Fact]
    public void WhatDidNotArrive_IsSentTenTimes_OverThreeDays()
    {
        var pauses = Enumerable.Range(1, WebhookBackoff.AttemptsMax - 1)
            .Select(static attempts => WebhookBackoff.After(attempts, null, random: 0.5)!.Value).ToArray();
        Assert.Equal(9, pauses.Length);
        Assert.Equal(TimeSpan.FromSeconds(5), pauses[0]);
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses.Aggregate(static (all, each) => all + each), TimeSpan.FromDays(3), TimeSpan.FromDays(4));
        Assert.Null(WebhookBackoff.After(WebhookBackoff.AttemptsMax, TimeSpan.FromSeconds(1), 0.5));
        Assert.Equal((4, 6),
            (WebhookBackoff.After(1, null, 0)!.Value.TotalSeconds,
                WebhookBackoff.After(1, null, 1)!.Value.TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(1), WebhookBackoff.After(1, TimeSpan.FromMinutes(1), 0.5));
        Assert.Equal(TimeSpan.FromSeconds(5), WebhookBackoff.After(1, TimeSpan.FromSeconds(1), 0.5));
        Assert.Equal(TimeSpan.FromHours(24), WebhookBackoff.After(1, TimeSpan.FromDays(9), 0.5));
    }

    [Fact]
    public void Events_HaveTheNamesThatTheyAreAskedForBy()
    {
        var events = WebhookEventText.Parse(["task.dead", "group.finished"]);
        Assert.Equal(WebhookEvents.TaskDead | WebhookEvents.GroupFinished, events);
        Assert.Equal(["task.dead", "group.finished"], WebhookEventText.Of(events));
        Assert.Equal(WebhookEvents.None, WebhookEventText.Parse(["task.dead", "task.born"]));
        Assert.Equal(WebhookEvents.None, WebhookEventText.Parse([]));
        foreach (var state in Enum.GetValues<TaskState>())
        {
            Assert.Equal(state.IsFinal ? 1 : 0, WebhookEventText.Of(WebhookEventText.Of(state)).Count);
        }
    }

    [Fact]
    public void ARule_IsReadAsStoresWriteIt()
    {
        var rule = WebhookRule.Parse("4 9 7 3 a b");
        Assert.Equal((4, (WebhookEvents)9, new GroupId(7)), (rule.Id.Value, rule.Events, rule.Group!.Value));
        Assert.Equal(new TokenId(3), rule.Owner);
        Assert.Equal(["a", "b"], rule.Queues);
        var plain = WebhookRule.Parse("4 9 0 0 ");
        Assert.Equal((null, null, 0), (plain.Group, plain.Owner, plain.Queues.Count));
    }
}
