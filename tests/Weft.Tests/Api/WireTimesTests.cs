using System.Text.Json;
using System.Text.RegularExpressions;
using Weft.Contracts;
using Weft.Tests.Access;

namespace Weft.Tests.Api;

/// <summary>All times of all answers have the same form.</summary>
public sealed partial class WireTimesTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task EveryTime_HasThreeDigitsBehindThePoint()
    {
        var made =
            (await server.PostAsync(server.Admin, "tokens",
                """{"scopes":["submit","work","read"],"expiresInSeconds":86400}""")).Accepted(201);
        var token = made.GetProperty("token").GetString();
        var queue = ApiServer.NewQueue();
        var group = (await server.PostAsync(token, "groups")).Accepted(201);
        var id =
            await server.SubmitAsync(token!, queue, $",\"group\":{group.GetProperty("id")},\"expiresInSeconds\":1000");
        var claimed =
            (await server.PostAsync(token, "tasks/claim", $$"""{"workerId":"w","queues":["{{queue}}"]}""")).Accepted();
        var leased = (await server.GetAsync(token, $"tasks/{id}")).Accepted();
        var lease = claimed.GetProperty("tasks")[0].GetProperty("leaseToken").GetString();
        (await server.PostAsync(token, $"tasks/{id}/complete", $$"""{"leaseToken":"{{lease}}","result":1}"""))
            .Accepted();

        JsonElement[] answers =
        [
            made, group, claimed, leased, (await server.GetAsync(token, $"tasks/{id}")).Accepted(),
            (await server.GetAsync(token, "tasks")).Accepted(),
            (await server.GetAsync(token, "workers")).Accepted(),
            (await server.GetAsync(server.Admin, "tokens")).Accepted(),
        ];
        var times = answers.SelectMany(TimesIn).ToList();
        Assert.True(times.Count > 15);
        Assert.All(times, static time => Assert.Matches(Form(), time));
        Assert.All((await server.GetAsync(token, $"groups/{group.GetProperty("id")}/results")).Text.Split('\n')
            .Where(static line => line.Contains("finishedAt", StringComparison.Ordinal)),
            static line =>
                Assert.All(TimesIn(JsonDocument.Parse(line).RootElement), static time => Assert.Matches(Form(), time)));
    }

    [Theory]
    [InlineData("2026-11-28T15:04:05.1239999Z", "2026-11-28T15:04:05.123Z")]
    [InlineData("2026-11-28T15:04:05Z", "2026-11-28T15:04:05.000Z")]
    [InlineData("2026-11-28T15:04:05.1+09:00", "2026-11-28T06:04:05.100Z")]
    public void ATime_IsWrittenToTheMillisecond_InUtc(string time, string written)
    {
        Span<byte> text = stackalloc byte[UtcTime.Length];
        UtcTime.Write(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), text);
        Assert.Equal(written, System.Text.Encoding.ASCII.GetString(text));
    }

    private static IEnumerable<string> TimesIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(static member =>
            member.Name.EndsWith("At", StringComparison.Ordinal) ? [member.Value.GetString()!] : TimesIn(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(TimesIn),
        _ => [],
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
