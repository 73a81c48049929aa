using Weft.Core;
using Weft.Http.Bounds;

namespace Weft.Tests.Bounds;

public sealed class WebhookTriesTests
{
    /// <summary>Each sends a request to an address that the client chose, for as long as that likes.</summary>
    [Fact]
    public void AToken_HasAFewAtOnce()
    {
        var tries = new WebhookTries();
        for (var i = 0; i < Limits.WebhookTestsOfClientMax; i++) Assert.True(tries.TryEnter(ClientKey.OfToken(7)));
        Assert.False(tries.TryEnter(ClientKey.OfToken(7)));
        Assert.True(tries.TryEnter(ClientKey.OfToken(8)));
        tries.Leave(ClientKey.OfToken(7));
        Assert.True(tries.TryEnter(ClientKey.OfToken(7)));
    }
}
