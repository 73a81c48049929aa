using System.Text;

namespace Weft.EndToEnd.Hostile;

/// <summary>Paths that name nothing, as long as a request's line may be: each costs what a plain one costs.</summary>
public sealed class OddPathTests
{
    private const int Clients = 16;
    private const int RequestsEach = 100;
    private const int LineMax = 8_000;

    public static TheoryData<string, string> Paths => new()
    {
        { "names by the thousand", string.Concat(Enumerable.Repeat("/a", LineMax / 2)) },
        { "folders by the thousand", string.Concat(Enumerable.Repeat("/a", LineMax / 2 - 1)) + "/" },
        { "the same below the health check", "/health" + string.Concat(Enumerable.Repeat("/a", LineMax / 2 - 4)) },
        { "the same below a folder that is there", "/worker" +
            string.Concat(Enumerable.Repeat("/a", LineMax / 2 - 4)) },
        { "one name of 8 KB", "/" + new string('a', LineMax) },
        { "escapes alone", string.Concat(Enumerable.Repeat("/%61", LineMax / 4)) },
        { "queries by the thousand", "/api/v1/tasks?" +
            string.Join('&', Enumerable.Range(0, LineMax / 7).Select(static i => $"q{i:D4}=")) },
        { "the same query by the thousand", "/api/v1/tasks?limit=1" +
            string.Concat(Enumerable.Repeat("&limit=", LineMax / 7)) },
        { "a cursor of 8 KB", "/api/v1/tasks?after=o" + new string('9', LineMax - 40) },
        { "a wait of 8 KB", "/api/v1/tasks/1?wait=0." + new string('0', LineMax - 40) },
        { "an id of 8 KB", "/api/v1/tasks/" + new string('9', LineMax - 40) },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task HundredsAtOnce_AreAnswered_WhileAnHonestClientIsServed(string name, string path)
    {
        // With the folder of the built-in pages alone, and with one of the user's in front of it.
        var web = Directory.CreateTempSubdirectory("weft-web-");
        await using var siege = await Siege.BeginAsync("--web", web.FullName);
        var requests = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n", RequestsEach - 1)) +
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var attackers = Enumerable.Range(0, Clients).Select(async _ =>
        {
            using var client = await RawConnection.OpenAsync(siege.Address);
            var send = client.TrySendAsync(requests);
            var answers = new RawAnswers(await client.ReadToEndAsync());
            await send;
            return answers.Statuses;
        }).ToList();
        await siege.ServeHonestClientAsync(cycles: 20);
        foreach (var statuses in await Task.WhenAll(attackers))
        {
            Assert.True(statuses.Length == RequestsEach, $"{name}: {statuses.Length} answers");
            Assert.All(statuses, static status => Assert.True(status is 200 or 400 or 404));
        }

        await siege.AssertUnharmedAsync();
        web.Delete();
    }
}
