using System.Text;
using System.Text.Json;
using Weft.Core.Tasks;

namespace Weft.Core.Tests.Tasks;

public sealed class PayloadTests
{
    [Theory]
    [InlineData("plain", 7)]
    [InlineData("\u0001\u0002", 14)]
    [InlineData("a\"b\\c", 0)]
    [InlineData("ä€😀\u2028\u007f\n<&'+", 0)]
    public void Text_IsNoLongerOnTheWireThanIsReckoned(string text, int reckoned)
    {
        var wire = new Payload(Encoding.UTF8.GetBytes(text), IsJson: false).WireBytes;
        Assert.InRange(JsonSerializer.Serialize(text).Length, 2,
            wire + 6 * text.Count(static one => one is '<' or '&' or '\'' or '+'));
        if (reckoned > 0) Assert.Equal(reckoned, wire);
    }
}
