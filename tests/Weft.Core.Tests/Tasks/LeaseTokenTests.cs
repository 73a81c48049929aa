using CsCheck;
using Weft.Core.Tasks;

namespace Weft.Core.Tests.Tasks;

public class LeaseTokenTests
{
    [Fact]
    public void ToString_ReadsBack() => Gen.Long.Sample(static value =>
    {
        var text = new LeaseToken(value).ToString();
        Assert.Matches("^[0-9a-f]{16}$", text);
        Assert.True(LeaseToken.TryParse(text, out var token));
        Assert.Equal(value, token.Value);
    });

    [Theory]
    [InlineData("")]
    [InlineData("1234")]
    [InlineData("00000000000012345")]
    [InlineData("000000000000123g")]
    [InlineData(" 00000000000123 ")]
    [InlineData("-000000000000123")]
    [InlineData("0x00000000000123")]
    [InlineData("00000000000001\0\0")]
    public void TryParse_OfAnythingBut16HexDigits_IsRefused(string text)
    {
        Assert.False(LeaseToken.TryParse(text, out var token));
        Assert.Equal(default, token);
    }

    [Fact]
    public void Create_GivesDistinctTokens() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(static _ => LeaseToken.Create()).Distinct().Count());
}
