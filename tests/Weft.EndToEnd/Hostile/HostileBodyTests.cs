using System.Text;

namespace Weft.EndToEnd.Hostile;

/// <summary>Bodies, ids and paths that are meant to break a parser, a database or a file system.</summary>
public sealed class HostileBodyTests
{
    private const int Deep = 200_000;

    public static TheoryData<string, byte[]> BadTasks { get; } = new()
    {
        { "a depth bomb of arrays", Utf8($$"""{"payload":{{new string('[', Deep)}}{{new string(']', Deep)}}}""") },
        { "a depth bomb that never closes", Utf8("""{"payload":""" + new string('[', Deep)) },
        { "a depth bomb of objects",
            Utf8("{\"payload\":" + string.Concat(Enumerable.Repeat("{\"a\":", Deep)) + "1" +
            new string('}', Deep) + "}") },
        { "a member twice", Utf8("""{"payload":1,"payload":2}""") },
        { "a member twice, once escaped", Utf8("""{"payload":1,"\u0070ayload":2}""") },
        { "a member that is half a character", Utf8("""{"payload":1,"\ud800":2}""") },
        { "a queue that is half a character", Utf8("""{"payload":1,"queue":"\ud800"}""") },
        { "a type that is half a character", Utf8("""{"payload":1,"type":"\udc00x"}""") },
        { "a queue of NUL", Utf8("""{"payload":1,"queue":"\u0000"}""") },
        { "a queue that climbs", Utf8("""{"payload":1,"queue":"../../etc"}""") },
        { "NUL between the members", Utf8("{\"payload\":1\0}") },
        { "bytes that are no UTF-8", [.. Utf8("{\"payload\":\""), 0xC3, 0x28, .. Utf8("\"}")] },
        { "an overlong slash", [.. Utf8("{\"payload\":\""), 0xC0, 0xAF, .. Utf8("\"}")] },
        { "UTF-16", Encoding.Unicode.GetBytes("""{"payload":1}""") },
        { "a byte order mark", [0xEF, 0xBB, 0xBF, .. Utf8("""{"payload":1}""")] },
        { "something after the end", Utf8("""{"payload":1}{"payload":2}""") },
        { "half of it", Utf8("""{"payload":""") },
        { "a comment", Utf8("""{"payload":1/**/}""") },
        { "a priority of 1e400", Utf8("""{"payload":1,"priority":1e400}""") },
        { "a priority of 2^63", Utf8("""{"payload":1,"priority":9223372036854775808}""") },
        { "a group of 0", Utf8("""{"payload":1,"group":0}""") },
        { "a group of -1", Utf8("""{"payload":1,"group":-1}""") },
        { "a group of 2^64", Utf8("""{"payload":1,"group":18446744073709551616}""") },
        { "a delay of minus nothing", Utf8("""{"payload":1,"delaySeconds":-1e-400,"leaseSeconds":1e400}""") },
        { "a number of 100,000 digits", Utf8($$"""{"payload":1,"maxAttempts":{{new string('9', 100_000)}}}""") },
        { "a million requirements",
            Utf8($$"""{"payload":1,"requires":[{{string.Join(',', Enumerable.Repeat("\"a\"", 1_000_000))}}]}""") },
        { "not an object", Utf8("[]") },
        { "nothing but blanks", Utf8(new string(' ', 100_000)) },
    };

    [Fact]
    public async Task ABadTask_IsRefused_AndNothingIsStored()
    {
        await using var siege = await Siege.BeginAsync();
        foreach (var row in BadTasks)
        {
            var (name, body) = row.Data;
            foreach (var path in (string[])["/api/v1/tasks", "/api/v1/tasks/claim", "/api/v1/tasks/settle",
                "/api/v1/tasks/1/complete"])
            {
                var answer = await siege.Wire.PostAsync(path, body);
                Assert.True(answer.Status == 400, $"{name} at {path}: {answer}");
                Assert.Equal("invalid_request", answer.Json.GetProperty("code").GetString());
                Assert.True(answer.Body.Length < 1_000, $"{name}: an answer of {answer.Body.Length} bytes");
            }
        }

        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task TheOldEndpoints_TakeAnyText_AndGiveItBack()
    {
        string[] bodies = [new string('[', Deep), new string('[', Deep) + new string(']', Deep),
            """{"\ud800":1,"\ud800":2}""", "\"\\ud800\"", "\0", "{\"result\":\0}", """{"a":1}{"b":2}"""];
        await using var siege = await Siege.BeginAsync();
        foreach (var body in bodies)
        {
            var task = await siege.Wire.SubmitAsync(body);
            var claim = await siege.Wire.GetAsync("/task/next?workerId=w");
            Assert.Equal(200, claim.Status);
            await siege.Wire.CompleteAsync(task, body);
            Assert.Equal(200, (await siege.Wire.GetAsync($"/result/{task}")).Status);
            Assert.Equal(200, (await siege.Wire.PostAsync("/worker/register", body)).Status);
        }

        Assert.Equal(200, (await siege.Wire.PostAsync("/worker/register", """{"workerId":"\ud800"}""")).Status);
        await siege.AssertUnharmedAsync(stored: bodies.Length);
    }

    [Fact]
    public async Task TextThatIsSixTimesAsLongInJson_IsRefusedWhereThatIsTooMuch()
    {
        await using var siege = await Siege.BeginAsync("--max-body-bytes", "100000");
        Assert.Equal(413, (await siege.Wire.PostAsync("/task", new string('\u0001', 50_000))).Status);
        Assert.Equal(200, (await siege.Wire.PostAsync("/task", new string('\u0001', 30_000))).Status);
        Assert.Equal(200, (await siege.Wire.PostAsync("/task", new string('x', 100_000))).Status);
        await siege.AssertUnharmedAsync(stored: 2);
    }

    [Fact]
    public async Task AnIdThatIsNone_IsRefused()
    {
        await using var siege = await Siege.BeginAsync();
        foreach (var id in (string[])["-1", "0", "9223372036854775808", "1e400", "1.5", "0x1", "%00", "1%0d%0aX:1",
            "NaN", "\u0661", new string('9', 4_000)])
        {
            Assert.Equal(400, (await siege.Wire.GetAsync($"/result/{id}")).Status);
            Assert.Equal(400, (await siege.Wire.GetAsync($"/api/v1/tasks/{id}")).Status);
            Assert.Equal(400, (await siege.Wire.PostAsync($"/api/v1/tasks/{id}/cancel", "")).Status);
            Assert.Equal(400, (await siege.Wire.GetAsync($"/api/v1/groups/{id}")).Status);
        }

        Assert.Equal(404, (await siege.Wire.GetAsync("/result/9223372036854775807")).Status);
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task APathThatClimbs_ReachesNoFile()
    {
        const string secret = "the secret beside the folder";
        var folder = Directory.CreateTempSubdirectory("weft-hostile-");
        try
        {
            var web = folder.CreateSubdirectory("web");
            await File.WriteAllTextAsync(Path.Combine(web.FullName, "page.txt"), "page",
                TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "secret.txt"), secret,
                TestContext.Current.CancellationToken);
            await using var siege = await Siege.BeginAsync("--web", web.FullName);
            Assert.Equal(200, (await siege.Wire.GetAsync("/page.txt")).Status);
            foreach (var up in (string[])["..", "%2e%2e", ".%2e", "%2E.", "..%2f", "%2e%2e%2f", "..%5c", "..\\",
                "%252e%252e", "..%252f", "%c0%ae%c0%ae", "%e0%80%ae.", "....//", "..;", "..%00", ".%00.",
                "%uff0e%uff0e", "\xff\xff"])
            {
                foreach (var path in (string[])[$"/{up}/secret.txt", $"/{up}secret.txt", $"/a/{up}/{up}/secret.txt",
                    $"//{up}/secret.txt", $"/page.txt/{up}/{up}/secret.txt"])
                {
                    var answers = await RawConnection.ExchangeAsync(siege.Address,
                        $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Assert.DoesNotContain(secret, answers.Text, StringComparison.Ordinal);
                    Assert.True(answers.Statuses[0] is 400 or 404, $"{path}: {answers}");
                }
            }

            foreach (var path in (string[])["//etc/passwd", "/%2fetc/passwd", "/file:///etc/passwd",
                "/page.txt%00.html", "/page.txt::$DATA", "/data/weft.db", "/../data/weft.db", "/con",
                "/~root/.profile"])
            {
                var answers = await RawConnection.ExchangeAsync(siege.Address,
                    $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Assert.True(answers.Statuses[0] is 400 or 404, $"{path}: {answers}");
            }

            await siege.AssertUnharmedAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
