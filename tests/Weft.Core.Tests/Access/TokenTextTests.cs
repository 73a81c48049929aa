using Weft.Core.Access;

namespace Weft.Core.Tests.Access;

public sealed class TokenTextTests
{
    [Fact]
    public void Create_MakesARecognisableTextOf256RandomBits()
    {
        var texts = Enumerable.Range(0, 1_000).Select(static _ => TokenText.Create()).ToHashSet();
        Assert.Equal(1_000, texts.Count);
        Assert.All(texts, static text => Assert.Matches("^weft_[A-Za-z0-9_-]{43}$", text));
    }

    [Fact]
    public void Hash_IsSha256OfTheText() => Assert.Equal(
        "9D8AAD806B95919C1FED8055D813A96EC59E6288F7191425C4F4877AF1BEFC34",
        Convert.ToHexString(TokenText.Hash("weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")));

    [Theory]
    [InlineData("")]
    [InlineData("weft_")]
    [InlineData("weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("weft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAé")]
    public void TryHash_OfWhatIsNoToken_Refuses(string text) =>
        Assert.False(TokenText.TryHash(text, new byte[TokenText.HashBytes]));
}
