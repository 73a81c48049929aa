using System.Net;
using Weft.Torture.Load;
using Weft.Torture.Reporting;

namespace Weft.Torture.Tests;

/// <summary>What an outage may look like to a client, and how its length is told.</summary>
public sealed class OutageTests
{
    private readonly AnswerWatch _watch = new();

    [Fact]
    public void PromptAnswersThatSayWhenToComeBack_AreFine()
    {
        _watch.See("POST /api/v1/tasks", HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(4.3),
            hasRetryAfter: true);
        _watch.See("POST /api/v1/tasks", HttpStatusCode.Created, TimeSpan.FromSeconds(0.1), hasRetryAfter: false);
        Assert.Empty(_watch.Violations);
        Assert.Equal(1, _watch.Unavailable);
    }

    [Fact]
    public void AnAnswerThatIsLongerThanFiveSecondsInComing_IsAViolation()
    {
        _watch.See("GET /stats", HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5.1), hasRetryAfter: true);
        Assert.Contains("after 5.1 s", Assert.Single(_watch.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A503ThatDoesNotSayWhenToComeBack_IsAViolation()
    {
        _watch.See("GET /stats", HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(0.1), hasRetryAfter: false);
        Assert.Contains("without Retry-After", Assert.Single(_watch.Violations).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ARequestWithoutAnAnswer_IsAViolation()
    {
        _watch.Miss("GET /stats", TimeSpan.FromSeconds(15));
        Assert.Single(_watch.Violations);
    }

    [Fact]
    public void Pauses_AreToldByTheirMiddleAndTheirLongest()
    {
        var pauses = new FailoverPauses();
        foreach (var seconds in new[] { 3, 1, 2 })
            pauses.Add(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 1), TimeSpan.FromSeconds(0.5));
        Assert.Contains("3 failovers: from the kill to the first change taken p50 2.00 s, max 3.00 s, by the last " +
            "coordinator p50 3.00 s, max 4.00 s", pauses.Text, StringComparison.Ordinal);
        Assert.Contains("promotion p50 0.50 s, max 0.50 s", pauses.Text, StringComparison.Ordinal);
    }
}
