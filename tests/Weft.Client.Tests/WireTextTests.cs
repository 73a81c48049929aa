using System.Text;
using Weft.Contracts;

namespace Weft.Client.Tests;

public sealed class WireTextTests
{
    [Theory]
    [InlineData("<слово> & \"😀\"\n", "\"<слово> & \\\"😀\\\"\\n\"")]
    [InlineData("\u0001\\", "\"\\u0001\\\\\"")]
    [InlineData("", "\"\"")]
    public void Text_GoesOutUnescaped(string text, string json)
    {
        Assert.Equal(json, WireText.Element(text).GetRawText());
        Assert.Equal(json, WireText.Element(text, TestJson.Default.String).GetRawText());
        Assert.Equal(json, WireText.Element(Encoding.UTF8.GetBytes(text)).GetRawText());
    }

    [Theory]
    [InlineData("\"cut \\ud83d\"", "cut \uFFFD")]
    [InlineData("\"\\ud83d\\ude00 \\u0041\\n\\\"\\/ \\udc00 я\"", "😀 A\n\"/ \uFFFD я")]
    [InlineData("\"plain\"", "plain")]
    [InlineData("{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ud83d\"}")]
    public void AStringsText_IsWhatTextCanHold(string json, string text) =>
        Assert.Equal(text, WireText.Of(WireText.Parse(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void HalfOfAPair_IsNoText() =>
        Assert.Equal("\"cut \uFFFD\"", WireText.Element("cut " + (char)0xD83D).GetRawText());

    [Fact]
    public void Records_ReadDeepJson_AndTellNullFromNothing()
    {
        var deep = new string('[', 1_000) + new string(']', 1_000);
        var line = System.Text.Json.JsonSerializer.Deserialize(
            $$"""{"cursor":"c","id":1,"state":"completed","result":{{deep}}}""", WireJson.Default.GroupResult)!;
        Assert.Equal(deep, line.Result!.Value.GetRawText());
        Assert.Contains(deep, Encoding.UTF8.GetString(WireText.Bytes(line, WireJson.Default.GroupResult)),
            StringComparison.Ordinal);

        var empty = System.Text.Json.JsonSerializer.Deserialize(
            """{"cursor":"c","id":1,"state":"completed","result":null}""", WireJson.Default.GroupResult)!;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, empty.Result!.Value.ValueKind);
        Assert.EndsWith("\"result\":null}",
            Encoding.UTF8.GetString(WireText.Bytes(empty, WireJson.Default.GroupResult)), StringComparison.Ordinal);
        Assert.Null(System.Text.Json.JsonSerializer.Deserialize("""{"cursor":"c","id":1,"state":"dead"}""",
            WireJson.Default.GroupResult)!.Result);
    }
}
