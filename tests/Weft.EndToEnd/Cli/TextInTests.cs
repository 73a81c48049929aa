using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>Text is read in one way, wherever it comes from: UTF-8, with or without a byte order mark.</summary>
public sealed class TextInTests
{
    [Theory]
    [InlineData("""printf '\xef\xbb\xbf{"a":1}' | $WEFT submit""", """{"a":1}""")]
    [InlineData("""$WEFT submit $'\xef\xbb\xbf{"a":1}'""", """{"a":1}""")]
    [InlineData("""printf 'caf\xc3\xa9' | LC_ALL=de_DE.ISO-8859-1 $WEFT submit""", "\"caf\u00e9\"")]
    [InlineData("""printf 'caf\xc3\xa9' | LC_ALL=C $WEFT submit""", "\"caf\u00e9\"")]
    [InlineData("""LC_ALL=C $WEFT submit $'caf\xc3\xa9'""", "\"caf\u00e9\"")]
    [InlineData("""$WEFT submit '@channel hello'""", "\"@channel hello\"")]
    [InlineData("""echo '--type smuggled' >file; $WEFT submit --text '@file'""", "\"@file\"")]
    public async Task APayload_IsWhatWasGiven(string script, string payload)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(new(0, "1\n", ""), await coordinator.ShellAsync(script));
        Assert.Equal(payload, (await coordinator.Wire.GetAsync("/api/v1/tasks/1")).Json.GetProperty("payload")
            .ToString() is var text && payload[0] == '"' ? $"\"{text}\"" : text);
    }

    [Theory]
    [InlineData("""printf 'caf\xe9' | $WEFT submit""",
        "weft: The payload on stdin is not UTF-8 text: invalid byte at position 4.")]
    [InlineData("""$WEFT submit $'caf\xe9'""", "weft: The command line is not UTF-8 text.")]
    [InlineData("""printf 'ok\ncaf\xe9\n' | $WEFT map""",
        "weft: Line 2 is not UTF-8 text: invalid byte at position 4. 1 line submitted: correct the input and run")]
    [InlineData("""printf '\xff' >token; $WEFT queues --token-file token""",
        "weft: The token file token is not UTF-8 text: invalid byte at position 1.")]
    public async Task WhatIsNoUtf8_IsRefused(string script, string message)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        var result = await coordinator.ShellAsync(script);
        Assert.NotEqual(0, result.ExitCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenFile_MayBeginWithAMark()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        Assert.Equal(0,
            (await coordinator.ShellAsync(
            """printf '\xef\xbb\xbfweft_abc\n' >token; $WEFT queues --token-file token""")).ExitCode);
    }

    [Fact]
    public async Task Results_AreUtf8_WhateverTheLocale()
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        await coordinator.SubmitAsync("q");
        await coordinator.FinishAsync("q", "complete", "\"result\":\"grüße 名前\"");
        Assert.Equal(new(0, "grüße 名前\n", ""),
            await coordinator.ShellAsync("LC_ALL=de_DE.ISO-8859-1 $WEFT result 1 --text"));
    }

    [Theory]
    [InlineData("page 1\rpage 2\nsecond\n", "page 1\rpage 2", "second")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("a\n\nb", "a", "", "b")]
    [InlineData("a\u2028b\nc\0d\n", "a\u2028b", "c\0d")]
    public async Task Map_TakesUnixLines(string input, params string[] lines)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var map = new MapRunner(coordinator);
        await using var worker = new WorkerProcess(coordinator, "cat", "--text");
        var output = string.Concat(lines.Select(line => line.Replace("\r", "\\r", StringComparison.Ordinal) + "\n"));
        Assert.Equal(new(0, output, ""), await map.RunAsync(input, "--text"));
    }
}
