namespace Weft.EndToEnd.Hostile;

/// <summary>
/// Requests whose end two parsers could see in different places. Each carries a second request where a proxy before us
/// might see a body: none of those may ever run.
/// </summary>
public sealed class SmugglingTests
{
    private const string Host = "Host: localhost\r\n";
    private const string Smuggled = "POST /task HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";

    public static TheoryData<string, string> Refused { get; } = new()
    {
        { "two lengths", $"POST /task HTTP/1.1\r\n{Host}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}" +
            Smuggled },
        { "a list of lengths", $"POST /task HTTP/1.1\r\n{Host}Content-Length: 2, 3\r\n\r\n{{}}" + Smuggled },
        { "a length with a sign", $"POST /task HTTP/1.1\r\n{Host}Content-Length: +2\r\n\r\n{{}}" + Smuggled },
        { "a length with a blank in it", $"POST /task HTTP/1.1\r\n{Host}Content-Length: 2 2\r\n\r\n{{}}" + Smuggled },
        { "an empty length", $"POST /task HTTP/1.1\r\n{Host}Content-Length: \r\n\r\n{{}}" + Smuggled },
        { "a negative length", $"POST /task HTTP/1.1\r\n{Host}Content-Length: -2\r\n\r\n{{}}" + Smuggled },
        { "a hexadecimal length", $"POST /task HTTP/1.1\r\n{Host}Content-Length: 0x2\r\n\r\n{{}}" + Smuggled },
        { "a length of 20 digits", $"POST /task HTTP/1.1\r\n{Host}Content-Length: 99999999999999999999\r\n\r\n{{}}" +
            Smuggled },
        { "no length at all", $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: identity\r\n\r\n{{}}" + Smuggled },
        { "an encoding that nobody knows",
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: xchunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n" + Smuggled },
        { "chunked is not the last encoding",
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n" +
            Smuggled },
        { "bare line feeds", $"POST /task HTTP/1.1\nHost: localhost\nContent-Length: 2\n\n{{}}" + Smuggled },
        { "a bare carriage return in a header",
            $"POST /task HTTP/1.1\r\n{Host}X: a\rContent-Length: 0\r\nContent-Length: 2\r\n\r\n{{}}" + Smuggled },
        { "two hosts", $"POST /task HTTP/1.1\r\n{Host}Host: other\r\nContent-Length: 2\r\n\r\n{{}}" + Smuggled },
        { "no host", "POST /task HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}" + Smuggled },
        { "a folded header",
            $"POST /task HTTP/1.1\r\n{Host}X: a\r\n Content-Length: 0\r\nContent-Length: 2\r\n\r\n{{}}" + Smuggled },
        { "a blank before the colon", $"POST /task HTTP/1.1\r\n{Host}Content-Length : 2\r\n\r\n{{}}" + Smuggled },
        { "NUL in a header", $"POST /task HTTP/1.1\r\n{Host}X: a\0b\r\nContent-Length: 2\r\n\r\n{{}}" + Smuggled },
        { "a chunk of negative size",
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n-2\r\n{{}}\r\n0\r\n\r\n" + Smuggled },
        { "a chunk of 2^68",
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n100000000000000002\r\n{{}}\r\n0\r\n\r\n" +
            Smuggled },
        { "a chunk longer than it says",
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}{{}}\r\n0\r\n\r\n" + Smuggled },
        { "a bare line feed in a chunk's extension",
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n2;a\n{{}}\r\n0\r\n\r\n" + Smuggled },
        { "HTTP/0.9", "GET /task/next\r\n\r\n" },
        { "HTTP/3.0 in words", $"GET /health HTTP/3.0\r\n{Host}\r\n" },
        { "a preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x4\0\0\0\0\0" },
        { "a path without a slash", $"GET health HTTP/1.1\r\n{Host}\r\n" },
        { "another authority than the host", $"GET http://other/health HTTP/1.1\r\n{Host}\r\n" },
        { "an authority alone", $"GET other:80 HTTP/1.1\r\n{Host}\r\n" },
        { "a tunnel", "CONNECT other:80 HTTP/1.1\r\nHost: other:80\r\n\r\n" },
        { "a trace", $"TRACE /health HTTP/1.1\r\n{Host}\r\n" },
        { "a method of signs", $"G<T /health HTTP/1.1\r\n{Host}\r\n" },
        { "a header of 17 KB", $"GET /health HTTP/1.1\r\n{Host}X: {new string('x', 17_000)}\r\n\r\n" },
        { "a hundred headers too many",
            $"GET /health " +
            $"HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 200).Select(static i => $"X{i}: 1\r\n"))}\r\n" },
        { "a query of 20 KB", $"GET /health?{new string('x', 20_000)} HTTP/1.1\r\n{Host}\r\n" },
        { "not HTTP at all", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n" },
    };

    [Fact]
    public async Task AMalformedRequest_IsRefused_AndWhatItCarries_NeverRuns()
    {
        await using var siege = await Siege.BeginAsync();
        foreach (var row in Refused)
        {
            var (name, request) = row.Data;
            var answers = await RawConnection.ExchangeAsync(siege.Address, request);
            Assert.True(answers.Statuses.Length == 0 || answers.Statuses[0] is >= 400 and < 500 or 501 or 505,
                $"{name}: {answers}");
            await siege.AssertUnharmedAsync();
        }
    }

    [Theory]
    [InlineData("both a length and chunks, the length longer",
        "Content-Length: 200\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("both a length and chunks, the length shorter",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    public async Task ALengthBesideChunks_NeverRunsWhatFollows(string name, string headersAndBody)
    {
        await using var siege = await Siege.BeginAsync();
        var answers = await RawConnection.ExchangeAsync(siege.Address,
            $"POST /task HTTP/1.1\r\n{Host}{headersAndBody}{Smuggled}");
        // The chunks win, as RFC 9112 says; then the connection has to end, whatever follows.
        Assert.True(answers.Statuses.Length <= 1, $"{name}: {answers}");
        await siege.AssertUnharmedAsync(stored: answers.Statuses is [200] ? 1 : 0);
    }

    [Fact]
    public async Task ChunksWithExtensionsAndTrailers_AreABodyLikeAnother()
    {
        await using var siege = await Siege.BeginAsync();
        var answers = await RawConnection.ExchangeAsync(siege.Address,
            $"POST /task HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\n{{}}\r\n0\r\nX: y\r\n\r\n");
        Assert.Equal([200, 200], answers.Statuses);
        await siege.AssertUnharmedAsync(stored: 1);
    }

    [Fact]
    public async Task RequestsInOneFlood_AreAnsweredInOrder_EachOnce()
    {
        const int count = 1_000;
        await using var siege = await Siege.BeginAsync();
        var flood = string.Concat(Enumerable.Range(1, count)
            .Select(static i => i % 2 == 0
            ? $"GET /health HTTP/1.1\r\n{Host}\r\n"
            : $"GET /result/99{i} HTTP/1.1\r\n{Host}\r\n"));
        var answers = await RawConnection.ExchangeAsync(siege.Address, flood);
        Assert.Equal(Enumerable.Range(1, count).Select(static i => i % 2 == 0 ? 200 : 404).Append(200),
            answers.Statuses);
        await siege.AssertUnharmedAsync();
    }

    [Fact]
    public async Task AnOptionsOfEverything_IsAnswered()
    {
        await using var siege = await Siege.BeginAsync();
        var answers = await RawConnection.ExchangeAsync(siege.Address, $"OPTIONS * HTTP/1.1\r\n{Host}\r\n");
        Assert.Equal([200, 200], answers.Statuses);
        await siege.AssertUnharmedAsync();
    }
}
